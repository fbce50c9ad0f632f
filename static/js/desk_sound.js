// Sounds that no phone makes, more urgent the longer nobody answers; and a screen that stays on.
"use strict";

(() => {
  // Seconds between reminders.
  const EVERY = { late: 5, red: 15, amber: 30 };
  const NOTES = {
    new: [[659.3, 830.6, 1318.5], 0.16, 0.5],
    amber: [[830.6, 659.3], 0.2, 0.5],
    red: [[880, 659.3, 880, 659.3], 0.15, 0.7],
    late: [[1046.5, 784, 1046.5, 784, 1046.5, 784], 0.13, 0.95],
  };
  const button = $("[data-sound]");
  let sound;
  let soundedAt = 0;

  function play(name) {
    soundedAt = desk.now();
    if (!sound) return;
    const [pitches, step, loudness] = NOTES[name];
    pitches.forEach((pitch, index) => {
      const start = sound.currentTime + index * step;
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      tone.type = "triangle";
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.001, start);
      volume.gain.exponentialRampToValueAtTime(loudness, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
      tone.connect(volume).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.55);
    });
  }

  function enable() {
    if (sound || !window.AudioContext) return;
    sound = new AudioContext();
    button.hidden = true;
  }

  desk.chime = () => play("new");

  desk.urge = (late) => {
    const live = desk.live();
    const stage = ["red", "amber"].find((name) => $(`[data-unanswered].is-${name}`, live));
    const urgency = late ? "late" : stage;
    if (urgency && desk.now() - soundedAt >= EVERY[urgency]) play(urgency);
  };

  // A browser lets a page sound only after it was touched.
  if (window.AudioContext) button.hidden = false;
  button.addEventListener("click", () => {
    enable();
    play("new");
  });
  // On click, not earlier: the button goes away, and nothing may move under a finger that is still down.
  document.addEventListener("click", (event) => event.target !== button && enable());

  async function keepAwake() {
    if (!("wakeLock" in navigator) || document.hidden) return;
    try {
      await navigator.wakeLock.request("screen");
    } catch (error) {
      if (error.name !== "NotAllowedError") throw error; // a low battery may forbid it
    }
  }
  document.addEventListener("visibilitychange", keepAwake);
  keepAwake();
})();
