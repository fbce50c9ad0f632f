// The desk works without these scripts, refreshing every 15 seconds; with them it lives by itself. This file is what the
// others share: desk_clock (ages, alarms), desk_sound, desk_patch (drawing what changed), desk_taps (what the staff
// press, kept until it is sent), desk_pulse (asking for news).
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const desk = {
  root: $("[data-desk]"),

  live: () => $("[data-live]"),

  // What this device remembers of this desk, for the person at it; without a store it remembers for as long as it is open.
  keys: {},
  recall(name) {
    try {
      return JSON.parse(localStorage.getItem(desk.key(name)));
    } catch {
      return desk.keys[name] ?? null;
    }
  },
  remember(name, value) {
    desk.keys[name] = value;
    try {
      localStorage.setItem(desk.key(name), JSON.stringify(value));
    } catch {
      // A full or forbidden store.
    }
  },
  key: (name) => `desk:${desk.root.dataset.desk}:${desk.root.dataset.who}:${name}`,

  // Seconds by the server's clock: a tablet's own may be wrong by minutes.
  ahead: 0,
  setClock: (live) => (desk.ahead = Number(live.dataset.now) - Date.now() / 1000),
  now: () => Date.now() / 1000 + desk.ahead,

  say(name) {
    const live = $("[data-live-words]");
    live.textContent = "";
    requestAnimationFrame(() => (live.textContent = live.dataset[name]));
  },
};

// The part of the place this device looks at is in its address; opened without, it is the one looked at last.
if (["board", "plan"].includes(desk.root.dataset.tab)) {
  const view = desk.recall("view");
  if (location.search) desk.remember("view", location.search);
  else if (view) location.replace(`${location.pathname}${view}${location.hash}`);
}
for (const link of $$("[data-view-link]")) link.search = desk.recall("view") ?? "";
