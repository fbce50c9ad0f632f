// Keeps the progress of an import up to date. Without this script the page reloads itself.
"use strict";

const EVERY = 1000;

async function follow() {
  const state = document.querySelector("[data-progress]");
  if (state.dataset.progress !== "running") return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "progress" } });
    if (answer.redirected || !answer.ok) return location.reload();
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-progress]");
    if (next.innerHTML !== state.innerHTML) state.replaceWith(next);
  } catch (error) {
    // Away from the network for a moment: ask again.
    if (!(error instanceof TypeError)) throw error;
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
