// Choosing a place shows it; without scripts the button does.
for (const select of document.querySelectorAll("[data-chooses]")) {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit());
}
