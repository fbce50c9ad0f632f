// What the staff press is kept on the device until the server has answered it, in the order it was pressed: the network
// may go, the page may be reloaded, nothing is lost. The server makes each step once.
"use strict";

(() => {
  const UNDO_FOR = 10_000;
  const MOST_WRONG = 5;
  const ANSWER_WITHIN = 8_000;
  const said = $("[data-said]");
  const panel = $("[data-waiting]");
  let sending = false;
  let reloading = false;

  const kept = () => desk.recall("taps") ?? [];
  const keep = (taps) => desk.remember("taps", taps);

  function show() {
    const taps = kept();
    const names = new Set(taps.map((tap) => tap.card));
    for (const card of $$("[data-key]", desk.live())) {
      const waits = names.has(card.dataset.key);
      if (waits === card.classList.contains("is-waiting")) continue;
      card.classList.toggle("is-waiting", waits);
      card.setAttribute("aria-busy", waits);
      // Not disabled: that would take the keyboard's place away.
      for (const button of $$("[data-step]", card)) button.setAttribute("aria-disabled", waits);
    }
    panel.hidden = !taps.length || desk.online;
    const row = $("template", panel).content.firstElementChild;
    $("[data-waiting-list]").replaceChildren(
      ...(panel.hidden ? [] : taps).map((tap) => {
        const item = row.cloneNode(true);
        $("[data-about]", item).textContent = tap.about;
        $("button", item).addEventListener("click", () => {
          keep(kept().filter((other) => other.id !== tap.id));
          show();
        });
        return item;
      }),
    );
  }

  // A word of the server's, or ours, about what was pressed. What went wrong stays until it is read.
  function say(...words) {
    for (const word of words) {
      const wrong = word.classList.contains("is-wrong");
      for (const old of $$(".saying:not(.is-wrong)", said)) old.remove();
      said.append(word);
      if (wrong) addClose(word);
      else setTimeout(() => word.remove(), UNDO_FOR);
    }
    const mistakes = $$(".is-wrong", said);
    mistakes.slice(0, Math.max(0, mistakes.length - MOST_WRONG)).forEach((word) => word.remove());
  }

  function addClose(word) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = said.dataset.close;
    button.addEventListener("click", () => word.remove());
    word.append(" ", button);
  }

  function refused(tap) {
    const word = document.createElement("p");
    word.className = "saying is-wrong";
    word.textContent = `${said.dataset.refused}: ${tap.about}`;
    say(word);
  }

  // Whether the server has answered; without an answer the tap waits.
  async function send(tap) {
    let answer;
    try {
      answer = await fetch(tap.url, {
        method: "POST",
        body: new URLSearchParams(tap.body),
        headers: { "X-Fragment": "said", "X-CSRFToken": desk.root.dataset.token },
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      if (answer.status >= 500) throw new TypeError("The server is not well.");
      const html = await answer.text();
      desk.setOnline(true);
      if (answer.type === "opaqueredirect" || answer.status === 403) return signInAgain(tap);
      if (answer.ok || answer.status === 400 || answer.status === 409) say(...fragment(html));
      else refused(tap);
      return true;
    } catch (error) {
      if (!(error instanceof TypeError || ["TimeoutError", "AbortError"].includes(error.name))) throw error;
      desk.setOnline(false);
      return false;
    }
  }

  function fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return [...template.content.children];
  }

  // The page's token is old or the sign-in has ended: the page asks for it, and the tap is still there afterwards.
  function signInAgain(tap) {
    if (tap.again) {
      refused(tap);
      return true;
    }
    keep(kept().map((other) => (other.id === tap.id ? { ...other, again: true } : other)));
    reloading = true;
    location.reload();
    return false;
  }

  async function sendAll() {
    let sent = false;
    for (let tap = kept()[0]; tap; tap = kept()[0]) {
      if (!(await send(tap))) break;
      sent = true;
      keep(kept().filter((other) => other.id !== tap.id));
    }
    return sent;
  }

  desk.sendTaps = async () => {
    if (sending || reloading || !kept().length) return;
    sending = true;
    try {
      // Two windows of one desk must not send the same taps at once.
      const sent = await (navigator.locks ? navigator.locks.request(desk.key("taps"), sendAll) : sendAll());
      if (sent) await desk.refresh({ mine: true });
    } finally {
      sending = false;
      show();
    }
    // What was pressed while the desk was being drawn anew.
    if (desk.online) desk.sendTaps();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-tap]")) return;
    event.preventDefault();
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    const button = event.submitter;
    const line = button?.hasAttribute("formaction");
    if (button?.name) data.set(button.name, button.value);
    const home = form.closest("[data-about]");
    const step = button?.dataset.does ?? button?.textContent.trim() ?? "";
    const about = [home?.dataset.about, step].filter(Boolean).join(": ");
    const card = line && !("step" in button.dataset) ? null : form.closest("[data-key]")?.dataset.key;
    const url = line ? button.getAttribute("formaction") : form.getAttribute("action");
    const tap = { id: `${Date.now()}-${Math.random()}`, url, body: [...data], about, card };
    const same = (other) => other.url === url && JSON.stringify(other.body) === JSON.stringify(tap.body);
    if (!kept().some(same)) keep([...kept(), tap]);
    if ("undo" in form.dataset) form.remove();
    const details = form.closest("details");
    if (details) details.open = false;
    show();
    desk.sendTaps();
  });

  desk.showTaps = show;

  for (const word of $$(".saying", said)) say(word);
})();
