// Moves dishes and categories on the board: by dragging, by Alt and an arrow key, by the form of the dialog. The order
// is the server's: it refuses a move made against an order that has changed meanwhile, and sends the present one.
"use strict";

const KEY_PAUSE = 500; // Several presses of a key are one move.
const EDGE = 72; // Near the edge of the window the page scrolls while something is dragged.
let sending = Promise.resolve();

const LISTS = { dish: "[data-list]", category: "[data-container]" };
const elementOf = (row) => (row.dataset.kind === "dish" ? row : row.closest("[data-part]"));
const kindOf = (element) => (element.matches("[data-part]") ? "category" : "dish");
const idOf = (element) => element.dataset.row || element.dataset.part;
const listOf = (element) => element.parentElement.closest(LISTS[kindOf(element)]);
const listId = (list) => list.dataset.list || list.dataset.container;
const itemsOf = (list) => [...list.children].filter((one) => one.matches("[data-kind=dish], [data-part]"));
const titleOf = (element) => element.querySelector("[name=title]").value;
const handleOf = (element) => element.querySelector("[data-handle]");
const moveUrl = () => boardPage.querySelector("[data-board]").dataset.moveUrl;

function announce(element) {
  const list = listOf(element);
  const items = itemsOf(list);
  const part = list.closest("[data-part]");
  const where = part ? titleOf(part) : words.menuWords;
  say(fill(words.placeWords, { title: titleOf(element), at: items.indexOf(element) + 1, all: items.length, where }));
}

// Where a thing was taken from, and the marks of the order its reader saw.
function grasp(element) {
  const list = listOf(element);
  return { list, next: element.nextElementSibling, seen: list.dataset.mark };
}

function putBack(element, from) {
  from.list.insertBefore(element, from.next);
}

function send(element, from) {
  const work = () => sendNow(element, from);
  sending = sending.then(work, work);
  return sending;
}

async function sendNow(element, from) {
  if (!element.isConnected) return;
  const list = listOf(element);
  const seenThere = list === from.list ? null : list.dataset.mark;
  const next = itemsOf(list)[itemsOf(list).indexOf(element) + 1];
  const fields = { page: idOf(element), to: listId(list), before: next ? idOf(next) : null, seen: from.list.dataset.mark, seen_there: seenThere };
  const { status, body } = await ask(moveUrl(), element.querySelector("[data-edit]"), fields);
  say(body.message);
  settleAnswer(element, from, status, body);
}

function settleAnswer(element, from, status, body) {
  const held = document.activeElement === handleOf(element);
  if (status === 200) {
    for (const [id, mark] of Object.entries(body.marks)) {
      const list = boardPage.querySelector(kindOf(element) === "dish" ? `[data-list="${id}"]` : `[data-container="${id}"]`);
      if (list) list.dataset.mark = mark;
    }
    if (body.row && !unsavedFields(element).length) {
      const checked = element.querySelector("[name=dish]").checked;
      const fresh = parsed(body.row);
      element.replaceWith(fresh);
      fresh.querySelector("[name=dish]").checked = checked;
      if (held) handleOf(fresh).focus();
    }
  } else if (body.board) {
    swap(boardPage.querySelector("[data-board]"), body.board);
    const row = rowOf(idOf(element));
    if (row) handleOf(row).focus();
  } else {
    putBack(element, from);
    if (held) handleOf(element).focus();
  }
  countChosen();
}

// By keys

let pressed = null; // { element, from, timer }

function settle() {
  if (!pressed) return;
  const { element, from, timer } = pressed;
  clearTimeout(timer);
  pressed = null;
  const moved = listOf(element) !== from.list || element.nextElementSibling !== from.next;
  if (moved) send(element, from);
}

function nudge(element, down) {
  const list = listOf(element);
  const items = itemsOf(list);
  const at = items.indexOf(element);
  const neighbour = items[at + (down ? 1 : -1)];
  if (neighbour) list.insertBefore(element, down ? neighbour.nextElementSibling : neighbour);
  else if (kindOf(element) === "dish") intoNextList(element, list, down);
}

function intoNextList(element, list, down) {
  const lists = [...boardPage.querySelectorAll(LISTS.dish)];
  const next = lists[lists.indexOf(list) + (down ? 1 : -1)];
  if (!next) return;
  const part = next.closest("[data-part]");
  if (part.classList.contains("is-folded")) fold(part, false);
  next.insertBefore(element, down ? next.firstElementChild : null);
}

boardPage.addEventListener("keydown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const arrow = event.key === "ArrowUp" || event.key === "ArrowDown";
  if (!handle || !event.altKey || !arrow) return;
  event.preventDefault();
  const element = elementOf(handle.closest("[data-row]"));
  if (pressed && pressed.element !== element) settle();
  pressed ??= { element, from: grasp(element), timer: 0 };
  nudge(element, event.key === "ArrowDown");
  handle.focus();
  element.scrollIntoView({ block: "nearest" });
  announce(element);
  clearTimeout(pressed.timer);
  pressed.timer = setTimeout(settle, KEY_PAUSE);
});
boardPage.addEventListener("focusout", (event) => {
  // Taken out of its list and put in again, a handle loses the focus for a moment.
  if (event.target.matches("[data-handle]") && event.relatedTarget) settle();
});

// By dragging: a line shows where it would go, the thing itself stays until it is let go.

let drag = null; // { element, line, y, frame }

function start(event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle || drag || event.button !== 0) return;
  event.preventDefault();
  settle();
  handle.focus();
  const element = elementOf(handle.closest("[data-row]"));
  const line = document.createElement(kindOf(element) === "dish" ? "li" : "div");
  line.className = "board-drop";
  const top = handle.getBoundingClientRect().top;
  element.classList.add("is-dragged");
  if (kindOf(element) === "category") boardPage.classList.add("is-sorting");
  window.scrollBy(0, handle.getBoundingClientRect().top - top);
  drag = { element, line, handle, x: event.clientX, y: event.clientY, frame: requestAnimationFrame(scrollAlong) };
}

function scrollAlong() {
  if (!drag) return;
  const below = drag.y - (window.innerHeight - EDGE);
  const above = EDGE - drag.y;
  if (below > 0 || above > 0) {
    window.scrollBy(0, below > 0 ? below / 6 : -above / 6);
    aim();
  }
  drag.frame = requestAnimationFrame(scrollAlong);
}

function aim() {
  const under = document.elementFromPoint(drag.x, drag.y);
  const { element, line } = drag;
  if (!under || under === line) return;
  if (kindOf(element) === "category") aimAt(listOf(element), itemsOf(listOf(element)));
  else {
    const part = under.closest("[data-part]");
    const list = part && [...part.querySelectorAll(LISTS.dish)].find((one) => one.closest("[data-part]") === part);
    if (list) aimAt(list, itemsOf(list));
  }
}

function aimAt(list, items) {
  const before = items.find((item) => {
    const box = item.getBoundingClientRect();
    return !item.hidden && drag.y < box.top + box.height / 2;
  });
  list.insertBefore(drag.line, before || null);
}

function finish(event, dropped) {
  if (!drag) return;
  const { element, line, frame, handle } = drag;
  drag = null;
  cancelAnimationFrame(frame);
  element.classList.remove("is-dragged");
  boardPage.classList.remove("is-sorting");
  const from = grasp(element);
  const stays = !line.isConnected || line.previousElementSibling === element || line.nextElementSibling === element;
  if (dropped && !stays) {
    line.replaceWith(element);
    handle.focus();
    announce(element);
    send(element, from);
  } else line.remove();
  if (event) event.preventDefault();
}

boardPage.addEventListener("pointerdown", start);
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.x = event.clientX;
  drag.y = event.clientY;
  aim();
});
document.addEventListener("pointerup", (event) => finish(event, true));
document.addEventListener("pointercancel", (event) => finish(event, false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") finish(null, false);
});
window.addEventListener("pagehide", settle);

// By the dialog

window.boardOrder = {
  async moveByForm(form, fields) {
    await sending;
    const element = elementOf(rowOf(fields.page));
    const from = grasp(element);
    const { status, body } = await ask(form.getAttribute("action"), form, { ...fields, seen: from.seen });
    if (status !== 200 && !body.board) return body.message;
    if (status === 200) {
      const list = fields.to ? boardPage.querySelector(`[data-list="${fields.to}"]`) : from.list;
      if (!list) return location.reload();
      list.insertBefore(element, fields.spot === "first" ? list.firstElementChild : null);
    }
    say(body.message);
    settleAnswer(element, from, status, body);
    return "";
  },
};
