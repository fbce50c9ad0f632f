// Saves what is typed on the board by itself: on leaving the field, on Enter, after a short pause. Never over what
// someone else has written meanwhile; tried again when the network or the service is back.
"use strict";

const PAUSE = 2000;
const RETRY = [3000, 10000, 30000];
const edits = new WeakMap(); // input → { timer, busy, conflict, tries }

function editOf(input) {
  if (!edits.has(input)) edits.set(input, { timer: 0, busy: false, conflict: false, tries: 0 });
  return edits.get(input);
}

const wasOf = (input) => input.nextElementSibling;
const isUnsaved = (input) => input.value.trim() !== wasOf(input).value;
const saidOf = (input) => input.form.querySelector("[data-said]");

function tell(input, text, wrong = false) {
  const said = saidOf(input);
  said.textContent = text;
  said.classList.toggle("board-error", wrong);
}

function setInvalid(input, wrong) {
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  input.parentElement.querySelector("[data-error]")?.remove();
}

async function save(input) {
  const edit = editOf(input);
  clearTimeout(edit.timer);
  if (edit.busy || edit.conflict || !isUnsaved(input)) return;
  edit.busy = true;
  const typed = input.value;
  const fields = { page: input.form.elements.page.value, [input.name]: typed, [wasOf(input).name]: wasOf(input).value };
  tell(input, words.saving);
  let answer;
  try {
    answer = await post(input.form.getAttribute("action"), input.form, fields);
  } catch {
    answer = { status: 0, body: { message: words.away } };
  }
  edit.busy = false;
  take(input, edit, typed, answer);
}

function take(input, edit, typed, { status, body }) {
  if (status === 200) {
    edit.tries = 0;
    const stored = body.values[input.name] ?? typed.trim();
    wasOf(input).value = stored;
    if (input.value === typed) input.value = stored;
    setInvalid(input, false);
    tell(input, body.message);
    if (body.undo) offerUndo(input, body.undo);
    if (isUnsaved(input)) save(input); // Typed on meanwhile.
  } else if (status === 409 && body.theirs) {
    edit.conflict = true;
    setInvalid(input, true);
    offerChoice(input, edit, body.message, body.theirs[input.name]);
  } else if (status === 0 || status >= 500) {
    edit.timer = setTimeout(() => save(input), RETRY[Math.min(edit.tries, RETRY.length - 1)]);
    edit.tries += 1;
    tell(input, body.message, true);
  } else {
    setInvalid(input, true);
    tell(input, body.errors?.[input.name] || body.message, true);
  }
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "board-quiet";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

function put(input, stored) {
  wasOf(input).value = stored;
  input.value = stored;
  setInvalid(input, false);
}

function offerUndo(input, token) {
  const undo = button(words.undo, async () => {
    undo.disabled = true;
    const { status, body } = await ask(words.undoUrl, input.form, { page: input.form.elements.page.value, token });
    undo.disabled = false;
    const theirs = body.theirs && Object.values(body.theirs)[0];
    if (status === 200) put(input, body.values[input.name] ?? input.value);
    else if (status === 409 && theirs !== undefined) put(input, theirs);
    tell(input, body.message, status !== 200);
    input.focus();
  });
  saidOf(input).append(" ", undo);
}

function offerChoice(input, edit, message, theirs) {
  const keep = button(fill(words.keep, { value: input.value }), () => {
    edit.conflict = false;
    wasOf(input).value = theirs;
    save(input);
    input.focus();
  });
  const takeTheirs = button(fill(words.take, { value: theirs || words.nothing }), () => {
    edit.conflict = false;
    put(input, theirs);
    tell(input, "");
    input.focus();
  });
  tell(input, message, true);
  saidOf(input).append(" ", keep, " ", takeTheirs);
}

boardPage.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches("[data-field]")) return;
  const edit = editOf(input);
  clearTimeout(edit.timer);
  if (!edit.conflict) edit.timer = setTimeout(() => save(input), PAUSE);
});

boardPage.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-field]")) save(event.target);
});

boardPage.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-field]")) return;
  if (event.key === "Enter") {
    event.preventDefault();
    save(event.target);
  } else if (event.key === "Escape" && !editOf(event.target).conflict) {
    put(event.target, wasOf(event.target).value);
    clearTimeout(editOf(event.target).timer);
    tell(event.target, "");
  }
});

// What the page came with (an edit saved without this script) can be undone by its own button.
boardPage.addEventListener("submit", (event) => {
  if (event.target.matches("[data-edit]") && !event.submitter?.hasAttribute("data-undo")) event.preventDefault();
});

window.addEventListener("online", () => unsavedFields(boardPage).forEach(save));
window.addEventListener("beforeunload", (event) => {
  if (unsavedFields(boardPage).length) event.preventDefault();
});
