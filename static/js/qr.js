// Saves a table's label without leaving its place in a long list. Without this script the form posts itself.
"use strict";

async function saveLabel(event) {
  const form = event.currentTarget;
  const said = form.querySelector("[data-said]");
  event.preventDefault();
  said.textContent = "";
  let saved = false;
  try {
    const headers = { "X-Fragment": "label" };
    saved = (await fetch(form.action, { method: "POST", body: new FormData(form), headers })).status === 204;
  } catch {
    // Away from the network: the browser's own page says it better.
  }
  if (saved) said.textContent = form.dataset.saved;
  else form.submit();
}

for (const form of document.querySelectorAll("[data-label-form]")) {
  form.addEventListener("submit", saveLabel);
  form.addEventListener("input", () => {
    form.querySelector("[data-said]").textContent = "";
  });
}
