// The desk works without this file, refreshing every 15 seconds; with it orders come by themselves, with a sound.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const POLL = 2000;
// Minutes grow though nothing changes: the board is drawn anew now and then.
const REDRAW_EVERY = 15;
const UNDO_FOR = 10000;

const offline = $("[data-offline]");
const soundButton = $("[data-sound]");
let sound;
let undoUntil = 0;
let polls = 0;
let busy = false;

// A rising three-note chime: no phone rings like this.
function chime() {
  if (!sound) return;
  [659.3, 830.6, 1318.5].forEach((pitch, index) => {
    const start = sound.currentTime + index * 0.16;
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.type = "triangle";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.001, start);
    volume.gain.exponentialRampToValueAtTime(0.5, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.55);
  });
}

function enableSound() {
  if (sound || !window.AudioContext) return;
  sound = new AudioContext();
  soundButton.hidden = true;
}

// A browser lets a page sound only after it was touched.
if (window.AudioContext) soundButton.hidden = false;
soundButton.addEventListener("click", () => {
  enableSound();
  chime();
});
// On click, not earlier: the button goes away, and nothing may move under a finger that is still down.
document.addEventListener("click", (event) => event.target !== soundButton && enableSound());

let pressed = false;

for (const [name, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  document.addEventListener(name, () => (pressed = down));
}

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

const newOrders = (board) => $$('[data-column="new"] [data-order]', board).map((card) => card.dataset.order);
// Orders that have chimed, or were there when the page came.
const seen = new Set(newOrders($("[data-board]")));

// What was being typed or taken back stays where it was.
function carryOver(old, fresh) {
  for (const details of $$("[data-cancel][open]", old)) {
    const action = $("form", details).getAttribute("action");
    const again = $$("[data-cancel] form", fresh).find((form) => form.getAttribute("action") === action);
    if (!again) continue;
    const reason = $("[name=reason]", details);
    const focused = details.contains(document.activeElement);
    again.closest("details").replaceWith(details);
    if (focused && reason) requestAnimationFrame(() => reason.focus());
  }
  const undo = $("[data-undo]", old);
  if (undo && !$("[data-undo]", fresh) && Date.now() < undoUntil) fresh.prepend(undo);
}

function show(html, mine) {
  const old = $("[data-board]");
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  if (!fresh || !fresh.matches("[data-board]")) return location.reload();
  if ($("[data-undo]", fresh)) undoUntil = Date.now() + UNDO_FOR;
  if (!mine) carryOver(old, fresh);
  old.replaceWith(fresh);
  const unheard = newOrders(fresh).filter((order) => !seen.has(order));
  unheard.forEach((order) => seen.add(order));
  if (unheard.length) {
    chime();
    const live = $("[data-live]");
    live.textContent = "";
    requestAnimationFrame(() => (live.textContent = live.dataset.words));
  }
}

async function ask(url, options, mine) {
  busy = true;
  try {
    const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(8000) });
    offline.hidden = answer.status < 500;
    if (answer.redirected || answer.status === 403 || answer.status === 404) return location.reload();
    if (answer.status === 204 || answer.status >= 500) return;
    const html = await answer.text();
    for (let turn = 0; pressed && !mine && turn < 40; turn += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    show(html, mine);
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError")) throw error;
    offline.hidden = false;
  } finally {
    busy = false;
  }
}

setInterval(() => {
  const undo = $("[data-undo]");
  if (undo && Date.now() > undoUntil) undo.remove();
  if (busy) return;
  const board = $("[data-board]");
  polls += 1;
  const since = polls % REDRAW_EVERY ? `?since=${board.dataset.version}` : "";
  ask(board.dataset.updates + since, { headers: { "X-Fragment": "board" } }, false);
}, POLL);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-move]")) return;
  event.preventDefault();
  const data = new FormData(form);
  const button = event.submitter;
  if (button && button.name) data.set(button.name, button.value);
  if (button) button.disabled = true;
  ask(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(data), headers: { "X-Fragment": "board" } }, true).then(
    () => button && (button.disabled = false),
  );
});

undoUntil = Date.now() + UNDO_FOR;
