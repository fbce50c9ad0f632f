// Minutes, colours and alarms move on by the clock, without asking the server.
"use strict";

(() => {
  const STAGES = ["is-calm", "is-amber", "is-red"];
  const EVENING = [20, 7];
  const drawn = new WeakMap(); // element → what it shows
  const title = document.title;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = $("[data-dark]");
  const words = desk.root.dataset.minutes;
  const announced = new Set();
  let ticks = 0;

  function write(element, text) {
    if (drawn.get(element) === text) return;
    drawn.set(element, text);
    element.textContent = text;
  }

  function stageOf(card, waited) {
    if (waited >= Number(card.dataset.red)) return "is-red";
    return waited >= Number(card.dataset.amber) ? "is-amber" : "is-calm";
  }

  // Whether a new order or call has just lost its calm: its place among the others may be another one now.
  function age(now) {
    let turned = false;
    for (const timed of $$("[data-since]", desk.live())) {
      const waited = now - Number(timed.dataset.since);
      const shown = $("[data-age]", timed);
      if (shown) write(shown, words.replace("{}", Math.max(0, Math.floor(waited / 60))));
      if (!timed.dataset.red) continue;
      const stage = stageOf(timed, waited);
      const before = drawn.get(timed);
      if (stage === before) continue;
      drawn.set(timed, stage);
      timed.classList.remove(...STAGES);
      timed.classList.add(stage);
      turned ||= before !== undefined && "unanswered" in timed.dataset;
    }
    return turned;
  }

  // Orders of the whole place that nobody has answered in time, on every desk of it.
  function alarm(now) {
    const section = $("[data-part=alarms]");
    const late = $$("[data-late]", section).filter((row) => {
      const seconds = Math.floor(now - Number(row.dataset.since));
      row.hidden = seconds < Number(section.dataset.after);
      write($("[data-seconds]", row), `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
      return !row.hidden;
    });
    section.hidden = !late.length;
    const unheard = late.filter((row) => !announced.has($("a", row).hash));
    unheard.forEach((row) => announced.add($("a", row).hash));
    if (unheard.length) desk.say("late");
    const warning = late.length ? `⚠ ${$("a", late[0]).textContent}` : title;
    const shown = still.matches || ticks % 2 ? warning : title;
    if (document.title !== shown) document.title = shown;
    return late.length;
  }

  // By the place's own clock the evening is dark, whatever the device prefers.
  function evening() {
    const format = new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone: desk.root.dataset.zone });
    const hour = Number(format.format(Date.now() + desk.ahead * 1000));
    const media = hour >= EVENING[0] || hour < EVENING[1] ? "all" : "(prefers-color-scheme: dark)";
    if (dark.media !== media) dark.media = media;
  }

  desk.redraw = () => {
    const now = desk.now();
    const turned = age(now);
    return { turned, late: alarm(now) };
  };

  desk.startClock = () => {
    desk.redraw();
    setInterval(() => {
      ticks += 1;
      const { turned, late } = desk.redraw();
      if (turned) desk.refresh();
      desk.urge(late);
      if (ticks % 60 === 1) evening();
    }, 1000);
  };
})();
