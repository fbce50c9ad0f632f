// Asks each second whether the desk is still as shown: one cheap question. Only what has changed is fetched.
"use strict";

(() => {
  const CALM = 1000;
  const LIVELY = 400;
  const LIVELY_FOR = 20_000;
  const MOST_BACK_OFF = 8000;
  const ANSWER_WITHIN = 8000;
  const offline = $("[data-offline]");
  let livelyUntil = 0;
  let failures = 0;
  let timer = 0;
  let asking = false;
  let refreshing = null;
  let pressed = false;

  for (const [name, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
    document.addEventListener(name, () => (pressed = down));
  }

  desk.online = true;
  desk.setOnline = (online) => {
    failures = online ? 0 : failures + 1;
    if (desk.online === online) return;
    desk.online = online;
    offline.hidden = online;
    desk.showTaps();
    if (online) desk.sendTaps();
  };

  // The answer, or none when the network or the server is away. Whoever may not look any more is led to where they may.
  async function ask(url, headers) {
    try {
      const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(ANSWER_WITHIN) });
      const away = answer.status >= 500;
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) location.reload();
      else desk.setOnline(!away);
      return answer.ok ? { status: answer.status, text: await answer.text() } : null;
    } catch (error) {
      if (!(error instanceof TypeError || ["TimeoutError", "AbortError"].includes(error.name))) throw error;
      desk.setOnline(false);
      return null;
    }
  }

  async function fetchDesk(mine) {
    livelyUntil = Date.now() + LIVELY_FOR;
    const answer = await ask(location.href, { "X-Fragment": "desk", "X-View": desk.recall("view") ?? "" });
    if (!answer) return;
    // Nothing may move under a finger that is down.
    for (let turn = 0; pressed && !mine && turn < 40; turn += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    desk.patch(answer.text);
    desk.showTaps();
  }

  // Draw the desk anew; a wish that comes while one is being fulfilled is fulfilled after it.
  desk.refresh = async ({ mine = false } = {}) => {
    while (refreshing) await refreshing;
    refreshing = fetchDesk(mine).finally(() => (refreshing = null));
    return refreshing;
  };

  async function beat() {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const began = performance.now();
    try {
      const answer = await ask(`${desk.root.dataset.pulse}?since=${desk.live().dataset.version}`, {});
      if (answer?.status === 200 && !refreshing) await desk.refresh();
      if (desk.online) desk.sendTaps();
    } finally {
      asking = false;
      // A desk that waits behind a network that is away asks less and less often.
      const calm = Date.now() < livelyUntil ? LIVELY : CALM;
      const pause = failures ? Math.min(CALM * 2 ** Math.min(failures - 1, 3), MOST_BACK_OFF) : calm;
      timer = setTimeout(beat, Math.max(0, pause - (performance.now() - began)));
    }
  }

  addEventListener("online", beat);
  addEventListener("offline", () => desk.setOnline(false));

  desk.startPatching();
  desk.startClock();
  desk.showTaps();
  desk.sendTaps();
  beat();
})();
