// The menu board: asking the server, adding, stopping, finding, folding, choosing. Saving and order have scripts of
// their own, after this one. Without any of them the forms post themselves.
"use strict";

const boardPage = document.querySelector("[data-board-page]");
const words = boardPage.dataset;
const stateLine = boardPage.querySelector("[data-state]");
const SIGNED_OUT = 401;

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function say(text) {
  stateLine.textContent = text;
}

// The server's answer as { status, body }; throws when there is none. `form` gives the token.
async function post(address, form, fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) if (value != null) body.set(name, value);
  const answer = await fetch(address, { method: "POST", body, headers: { "X-Fragment": "board" } });
  if (answer.redirected) return { status: SIGNED_OUT, body: { message: words.signedOut } };
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  if (!isJson) return { status: answer.status, body: { message: answer.status < 500 ? words.signedOut : words.failed } };
  return { status: answer.status, body: await answer.json() };
}

// For what is not tried again by itself.
async function ask(address, form, fields) {
  try {
    return await post(address, form, fields);
  } catch {
    return { status: 0, body: { message: words.notDone } };
  }
}

function parsed(html) {
  const range = document.createRange();
  range.selectNode(boardPage);
  return range.createContextualFragment(html).firstElementChild;
}

const rowOf = (id) => boardPage.querySelector(`[data-row="${id}"]`);
const unsavedFields = (within) =>
  [...within.querySelectorAll("[data-field]")].filter((input) => input.value.trim() !== input.nextElementSibling.value);

// What someone is typing outlives a list that is drawn anew; so do marks of choice.
function swap(old, html) {
  const fresh = parsed(html);
  const chosen = new Set([...old.querySelectorAll("[name=dish]:checked")].map((box) => box.value));
  for (const row of old.querySelectorAll("[data-row]")) {
    const twin = fresh.querySelector(`[data-row="${row.dataset.row}"]`);
    if (twin && unsavedFields(row).length) twin.replaceWith(row);
  }
  for (const box of fresh.querySelectorAll("[name=dish]")) box.checked = chosen.has(box.value);
  old.replaceWith(fresh);
  refresh();
  return fresh;
}

// Adding in one line

async function add(form) {
  if ("busy" in form.dataset) return; // Pressed twice, it is one dish.
  form.dataset.busy = "";
  const said = form.querySelector("[data-said]");
  const typed = Object.fromEntries(new FormData(form));
  const { status, body } = await ask(form.action, form, typed);
  delete form.dataset.busy;
  said.textContent = body.message;
  said.classList.toggle("board-error", status !== 200);
  for (const name of ["title", "price"]) if (form.elements[name]) setInvalid(form.elements[name], Boolean(body.errors?.[name]));
  if (status !== 200) return;
  // The next one may be half written already.
  for (const name of ["title", "price"]) if (form.elements[name]?.value === typed[name]) form.elements[name].value = "";
  said.append(" ", editorLink(body.editor));
  if (body.list) swap(boardPage.querySelector(`[data-list="${body.category}"]`), body.list);
  else if (boardPage.querySelector("[data-part]")) addCategory(body);
  else location.reload(); // The first category brings the bar and the fields that go with it.
  form.elements.title.focus();
}

function addCategory(body) {
  swap(boardPage.querySelector("[data-board]"), body.board);
  const title = rowOf(body.page).querySelector("[name=title]").value;
  boardPage.querySelector("[data-parents]").add(new Option(title, body.page));
}

function editorLink(address) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = words.editor;
  return link;
}

// The stop-list

async function stop(row, fields) {
  const form = row.querySelector("[data-edit]");
  const address = row.querySelector("[data-switch]").getAttribute("formaction");
  const { status, body } = await ask(address, form, { page: row.dataset.row, ...fields });
  if (status !== 200) return body.message;
  row.querySelector("[data-stop]").replaceWith(parsed(body.stop));
  return "";
}

async function turn(button) {
  const row = button.closest("[data-row]");
  button.disabled = true;
  const problem = await stop(row, { until: button.value });
  const said = row.querySelector("[data-said]");
  if (problem) said.textContent = problem;
  said.classList.toggle("board-error", Boolean(problem));
  button.disabled = false;
  row.querySelector("[data-switch]").focus();
}

// The dialog: a page of its own without this script

const dialog = boardPage.querySelector("[data-dialog]");

async function open(link) {
  let answer;
  try {
    answer = await fetch(link.href, { headers: { "X-Fragment": "page" } });
  } catch {
    answer = null;
  }
  if (!answer || !answer.ok || answer.redirected) return location.assign(link.href);
  dialog.innerHTML = await answer.text();
  dialog.opener = link;
  dialog.showModal();
}

async function sendDialog(form, button) {
  const fields = Object.fromEntries(new FormData(form, button));
  const row = rowOf(form.dataset.page);
  const problem = form.matches("[data-stop-form]") ? await stop(row, fields) : await window.boardOrder.moveByForm(form, fields);
  if (!problem) return dialog.close();
  const said = form.querySelector("[data-said]");
  said.textContent = problem;
  said.classList.add("board-error");
}

// Finding and folding

function find(text) {
  const wanted = text.trim().toLocaleLowerCase();
  let found = 0;
  for (const row of boardPage.querySelectorAll("[data-kind=dish]")) {
    row.hidden = wanted !== "" && !row.querySelector("[name=title]").value.toLocaleLowerCase().includes(wanted);
    found += !row.hidden;
  }
  for (const part of boardPage.querySelectorAll("[data-part]")) {
    part.hidden = wanted !== "" && !part.querySelector("[data-kind=dish]:not([hidden])");
  }
  boardPage.classList.toggle("is-filtered", wanted !== "");
  say(wanted ? fill(words.foundWords, { count: found }) : "");
}

function fold(part, folded) {
  part.classList.toggle("is-folded", folded);
  part.querySelector("[data-fold]").setAttribute("aria-expanded", String(!folded));
}

// Choosing many

const selection = boardPage.querySelector("[data-selection]");

function countChosen() {
  const boxes = [...boardPage.querySelectorAll("[name=dish]")];
  const chosen = boxes.filter((box) => box.checked).length;
  mark(boardPage.querySelector("[data-select-all]"), boxes);
  for (const box of boardPage.querySelectorAll("[data-select-part]")) mark(box, [...box.closest("[data-part]").querySelectorAll("[name=dish]")]);
  if (!selection) return;
  selection.hidden = chosen === 0;
  for (const count of selection.querySelectorAll("[data-selected-count]")) count.textContent = chosen;
}

function mark(box, boxes) {
  if (!box) return;
  const chosen = boxes.filter((one) => one.checked).length;
  box.checked = chosen > 0 && chosen === boxes.length;
  box.indeterminate = chosen > 0 && chosen < boxes.length;
}

// A choice of all is of what is seen: dishes that the filter hides stay out.
function choose(box, within) {
  for (const one of within.querySelectorAll("[name=dish]")) if (!one.closest("[hidden]")) one.checked = box.checked;
}

function refresh() {
  const filter = boardPage.querySelector("[data-filter]");
  if (filter && filter.value) find(filter.value);
  countChosen();
}

boardPage.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-add]")) {
    event.preventDefault();
    add(form);
  } else if (form.closest("[data-dialog]")) {
    event.preventDefault();
    sendDialog(form, event.submitter);
  }
});

boardPage.addEventListener("click", (event) => {
  const target = event.target;
  const button = target.closest("[data-switch]");
  const link = target.closest("[data-open]");
  const folding = target.closest("[data-fold]");
  const foldingAll = target.closest("[data-fold-all]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (button || (link && plain) || target.closest("[data-close]")) event.preventDefault();
  if (button) turn(button);
  else if (link && plain) open(link);
  else if (target.closest("[data-close]")) dialog.close();
  else if (folding) fold(folding.closest("[data-part]"), folding.getAttribute("aria-expanded") === "true");
  else if (foldingAll) {
    const folded = foldingAll.getAttribute("aria-expanded") === "true";
    foldingAll.setAttribute("aria-expanded", String(!folded));
    for (const part of boardPage.querySelectorAll("[data-part]")) fold(part, folded);
  }
});

boardPage.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) choose(event.target, boardPage);
  if (event.target.matches("[data-select-part]")) choose(event.target, event.target.closest("[data-part]"));
  if (event.target.matches("[type=checkbox]")) countChosen();
  if (event.target.matches("[name=at]")) event.target.form.querySelector("[value=time]").checked = true;
});

boardPage.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) find(event.target.value);
});

dialog.addEventListener("close", () => dialog.opener?.isConnected && dialog.opener.focus());
boardPage.classList.add("is-live");
refresh();
