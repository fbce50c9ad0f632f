// Draws what has changed and touches nothing else: parts as a whole, lists card by card.
"use strict";

(() => {
  const marks = new Map(); // part or card → its markup as the server drew it last
  const FOCUSABLE = "a[href], button, input, summary";

  // The markup without what the clock writes into it.
  function markOf(node) {
    for (const timed of $$("[data-age], [data-seconds]", node)) timed.textContent = "";
    for (const timed of [node, ...$$("[data-late]", node)]) {
      if (timed.matches("[data-late], [data-part=alarms]")) timed.hidden = false;
      if (timed.dataset.red) timed.classList.remove("is-calm", "is-amber", "is-red");
    }
    return node.outerHTML;
  }

  const nameOf = (list, node) => `${list.dataset.list} ${node.dataset.key}`;

  // What was being typed stays where it was, also in a card that changes its column.
  function carryOver(old, fresh) {
    if (!old) return;
    for (const details of $$("details[open]", old)) {
      const again = $(`details[data-keep="${details.dataset.keep}"]`, fresh);
      if (!again) continue;
      again.open = true;
      for (const input of $$("input[type=text]", details)) {
        const same = $(`input[name="${input.name}"]`, again);
        if (same) same.value = input.value;
      }
    }
  }

  function patchPart(part, fresh) {
    const mark = markOf(fresh);
    if (marks.get(part.dataset.part) === mark) return;
    marks.set(part.dataset.part, mark);
    carryOver(part, fresh);
    part.replaceWith(fresh);
  }

  function patchList(list, fresh, before) {
    const wanted = [...fresh.children];
    const keys = new Set(wanted.map((node) => node.dataset.key));
    const present = new Map();
    for (const node of [...list.children]) {
      if (keys.has(node.dataset.key)) present.set(node.dataset.key, node);
      else {
        marks.delete(nameOf(list, node));
        node.remove();
      }
    }
    let next = list.firstElementChild;
    for (const node of wanted) {
      const name = nameOf(list, node);
      const mark = markOf(node);
      let shown = present.get(node.dataset.key);
      if (shown && marks.get(name) !== mark) {
        carryOver(shown, node);
        if (next === shown) next = node;
        shown.replaceWith(node);
        shown = node;
      }
      marks.set(name, mark);
      if (!shown) carryOver(before.get(node.dataset.key), node);
      shown ??= node;
      if (shown === next) next = next.nextElementSibling;
      else list.insertBefore(shown, next);
    }
  }

  // Where the keyboard is: which control of which card.
  function focusNow() {
    const control = document.activeElement;
    const home = control?.closest("[data-key], [data-part]");
    if (!home || !desk.live().contains(home)) return null;
    const selection = control.matches("input") ? control.selectionStart : null;
    const list = home.closest("[data-list]")?.dataset.list;
    return { control, key: home.dataset.key, part: home.dataset.part, list, index: $$(FOCUSABLE, home).indexOf(control), selection };
  }

  function focusAgain(was) {
    if (!was || (was.control.isConnected && document.activeElement === was.control)) return;
    const live = desk.live();
    const home = was.key
      ? $(`[data-key="${CSS.escape(was.key)}"]`, live) ?? $(`[data-list="${was.list}"]`, live)
      : $(`[data-part="${was.part}"]`, live);
    if (!home) return;
    const controls = $$(FOCUSABLE, home);
    const control = was.control.isConnected ? was.control : (controls[was.index] ?? $("[data-step]", home) ?? controls[0]);
    control?.focus({ preventScroll: true });
    if (was.selection !== null && control?.matches("input")) control.setSelectionRange(was.selection, was.selection);
  }

  // What nobody has answered: by its cards, and on pages that show others or none by what the server says of it.
  const unanswered = (live) => [
    ...$$("[data-key][data-unanswered]", live).map((card) => card.dataset.key),
    ...live.dataset.news.split(" ").filter(Boolean),
  ];
  // Cards that have sounded, or were there when the page came.
  const heard = new Set();

  function soundNew(live) {
    const news = unanswered(live).filter((key) => !heard.has(key));
    news.forEach((key) => heard.add(key));
    if (!news.length) return;
    desk.chime();
    desk.say(news.some((key) => key.startsWith("call")) ? "call" : "order");
  }

  desk.patch = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    const fresh = template.content.firstElementChild;
    const live = desk.live();
    const shape = (root) => $$("[data-part], [data-list]", root).map((node) => node.dataset.part ?? node.dataset.list).join();
    // Not what was asked for, or the role has changed: the page as a whole knows better.
    if (!fresh?.matches("[data-live]") || shape(fresh) !== shape(live)) return location.reload();
    const was = focusNow();
    const again = (node, kind) => $(`[data-${kind}="${node.dataset[kind]}"]`, fresh);
    for (const part of $$("[data-part]", live)) patchPart(part, again(part, "part"));
    const before = new Map($$("[data-key]", live).map((node) => [node.dataset.key, node]));
    for (const list of $$("[data-list]", live)) patchList(list, again(list, "list"), before);
    live.dataset.version = fresh.dataset.version;
    live.dataset.news = fresh.dataset.news;
    desk.setClock(fresh);
    focusAgain(was);
    desk.redraw();
    soundNew(live);
  };

  desk.startPatching = () => {
    const live = desk.live();
    desk.setClock(live);
    for (const token of $$("input[name=csrfmiddlewaretoken]", live)) token.remove();
    for (const part of $$("[data-part]", live)) marks.set(part.dataset.part, markOf(part));
    for (const list of $$("[data-list]", live)) {
      for (const node of list.children) marks.set(nameOf(list, node), markOf(node));
    }
    unanswered(live).forEach((key) => heard.add(key));
  };
})();
