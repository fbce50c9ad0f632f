// Shows the unsaved choice beside the theme editor's form. Without this script the button “Look” does.
"use strict";

const form = document.querySelector("[data-theme-form]");
const phone = document.querySelector("[data-phone]");
const state = document.querySelector("[data-state]");
let timer;
let asking;

function showProblem(field, problem) {
  const box = field.querySelector("[data-problem]");
  const nearest = field.querySelector("[data-nearest]");
  box.hidden = !problem;
  nearest.hidden = !(problem && problem.nearest);
  if (!problem) return;
  field.querySelector("[data-message]").textContent = problem.message;
  if (!problem.nearest) return;
  field.querySelector("[data-swatch]").setAttribute("fill", problem.nearest);
  field.querySelector("[data-nearest-hex]").textContent = problem.nearest;
  field.querySelector("[data-use]").value = `${field.dataset.field}:${problem.nearest}`;
}

// The reader stays on the dish they are looking at, as far down as they were.
function showAt(address) {
  const old = phone.contentWindow;
  const here = old.location.pathname;
  const rest = here.startsWith(phone.dataset.address) ? here.slice(phone.dataset.address.length) : "";
  const top = old.scrollY;
  phone.dataset.address = address;
  phone.addEventListener("load", () => phone.contentWindow.scrollTo({ top, behavior: "instant" }), { once: true });
  old.location.replace(address + rest);
}

async function show() {
  if (asking) asking.abort();
  asking = new AbortController();
  let answer;
  try {
    const headers = { "X-Fragment": "choice" };
    // `form.action` is the buttons of that name.
    const sent = await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers, signal: asking.signal });
    if (!sent.ok || sent.redirected) return;
    answer = await sent.json();
  } catch {
    return; // Another change is on its way, or the network is away: the buttons still work.
  }
  for (const field of form.querySelectorAll("[data-field]")) showProblem(field, answer.problems[field.dataset.field]);
  state.textContent = answer.address ? state.dataset.unsaved : state.dataset.refused;
  if (answer.address) showAt(answer.address);
}

if (form) {
  form.querySelectorAll("[data-look]").forEach((button) => (button.hidden = true));
  form.addEventListener("input", (event) => {
    const hex = event.target.closest("[data-field]")?.querySelector("[data-hex]");
    if (hex) hex.textContent = event.target.value;
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  });
  form.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use]");
    if (!use) return;
    event.preventDefault();
    const input = use.closest("[data-field]").querySelector("input");
    input.value = use.value.split(":")[1];
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
