// The guest's pages work without this file: every action is a form. Here they only stop reloading.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const toast = $("[data-toast]");
let hiding;
let missed = "";

function say(html) {
  clearTimeout(hiding);
  toast.innerHTML = html;
  hiding = setTimeout(() => (toast.innerHTML = ""), 8000);
}

function swap(old, html) {
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  old.replaceWith(fresh);
  return fresh;
}

// Sends a form, or what it would send, and gives the fragment; a refusal is shown where the thumb is.
async function send(url, data, fragment) {
  toast.innerHTML = "";
  try {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(data), headers: { "X-Fragment": fragment }, signal: AbortSignal.timeout(15000) });
    const html = await answer.text();
    if (answer.ok) return html;
    if (html.includes("data-problem")) return say(html);
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError")) throw error;
  }
  const words = document.createElement("p");
  words.className = "banner";
  words.textContent = toast.dataset.offline;
  say(words.outerHTML);
}

function fields(form, submitter) {
  const data = new FormData(form);
  if (submitter && submitter.name) data.set(submitter.name, submitter.value);
  return data;
}

// Requests of one guest go one after another, so that the last answer is the truth.
let queue = Promise.resolve();
const inTurn = (job) => (queue = queue.then(job, job));

// Cards: + becomes − 2 +

function showBar(html) {
  const old = $("[data-basket-bar]");
  const fresh = swap(old, html);
  fresh.classList.toggle("is-new", old.hidden);
  showCounts();
}

function showCounts() {
  const bar = $("[data-basket-bar]");
  if (!bar) return;
  const quantities = JSON.parse(bar.dataset.quantities || "{}");
  for (const card of $$("[data-dish]")) {
    const count = quantities[card.dataset.dish] || 0;
    const add = $(".add", card);
    if (!add) continue;
    if (add.tagName === "A") {
      if (count) add.dataset.count = count;
      else delete add.dataset.count;
      continue;
    }
    const form = add.form;
    if (!form) continue;
    form.classList.toggle("stepper", count > 0);
    let less = $("[data-less]", form);
    if (count && !less) {
      add.insertAdjacentHTML("beforebegin", '<button type="button" data-less>−</button><output></output>');
      less = $("[data-less]", form);
      less.setAttribute("aria-label", `−1: ${$("h3", card).textContent}`);
    }
    if (count) $("output", form).textContent = count;
    else if (less) {
      if (less === document.activeElement) add.focus();
      less.nextElementSibling.remove();
      less.remove();
    }
  }
}

document.addEventListener("click", (event) => {
  const less = event.target.closest("[data-less]");
  if (!less) return;
  const form = less.form;
  inTurn(async () => {
    const output = $("output", form);
    if (!output) return;
    const data = { dish: form.elements.dish.value, quantity: output.textContent - 1 };
    const html = await send(form.action.replace(/add\/$/, "update/"), data, "basket_bar");
    if (html) showBar(html);
  });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-add], [data-dish-form]")) {
    event.preventDefault();
    const data = fields(form, event.submitter);
    const label = $("[data-label]", form);
    if (label) label.textContent = label.dataset.label;
    inTurn(async () => {
      const html = await send(form.action, data, "basket_bar");
      if (!html) return;
      showBar(html);
      if (!label) return;
      label.textContent = label.dataset.done;
      setTimeout(() => (label.textContent = label.dataset.label), 1600);
    });
  } else if (form.matches("[data-change]")) {
    event.preventDefault();
    const data = fields(form, event.submitter);
    const name = event.submitter && event.submitter.getAttribute("aria-label");
    inTurn(async () => {
      const comment = $("[name=comment]");
      const written = comment && comment.value;
      const html = await send(form.action, data, "basket");
      if (!html) return;
      const basket = swap($("[data-basket]"), html);
      if (written && $("[name=comment]")) $("[name=comment]").value = written;
      const again = name && $$("button", basket).find((button) => button.getAttribute("aria-label") === name);
      if (again) again.focus();
    });
  } else if (form.matches("[data-send]")) {
    if (form.getAttribute("aria-busy")) event.preventDefault();
    form.setAttribute("aria-busy", "true");
  }
});

// The page goes away: what only the session knows is saved, together with what was searched for in vain.
addEventListener("pagehide", () => {
  const leaving = $("[data-leave]");
  if (leaving) navigator.sendBeacon(leaving.dataset.leave, new URLSearchParams(missed ? { searched: missed } : {}));
});

// Coming back by the browser's button: the page is an old picture of the basket.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// The category bar follows the scroll.

const links = new Map($$("[data-menu-bar] a[href^='#']").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
if (links.size && "IntersectionObserver" in window) {
  let active;
  const mark = (link) => {
    if (link === active) return;
    if (active) active.removeAttribute("aria-current");
    active = link;
    link.setAttribute("aria-current", "true");
    const nav = link.closest("nav");
    const middle = link.getBoundingClientRect().left - nav.getBoundingClientRect().left + nav.scrollLeft;
    nav.scrollTo({ left: middle - (nav.clientWidth - link.clientWidth) / 2, behavior: "smooth" });
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const link = links.get(entry.target.id);
        if (entry.isIntersecting && link) mark(link);
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  $$("[data-section]").forEach((section) => observer.observe(section));
}

// Search and filters act at once.

const plain = (text) => text.toLowerCase().replace(/ё/g, "е");
const filters = $("[data-filters]");
// Narrowed by the server, the page holds too little to search in.
if (filters && !filters.classList.contains("is-on")) {
  const form = $("form", filters);
  const apply = () => {
    const data = new FormData(form);
    const words = plain(data.get("q")).split(/\s+/).filter(Boolean);
    const diets = data.getAll("diet");
    const avoided = data.getAll("without");
    let found = 0;
    for (const section of $$("[data-section]")) {
      let here = 0;
      for (const card of $$("[data-dish]", section)) {
        const text = plain(`${$("h3", card).textContent} ${card.dataset.text}`);
        const tags = card.dataset.tags.split(" ");
        const allergens = card.dataset.allergens.split(" ");
        const fits =
          words.every((word) => text.includes(word)) &&
          diets.every((diet) => tags.includes(diet)) &&
          !avoided.some((allergen) => allergens.includes(allergen));
        card.hidden = !fits;
        here += fits;
      }
      section.hidden = !here && words.length + diets.length + avoided.length > 0;
      found += here;
    }
    $("[data-nothing]").hidden = found > 0;
    missed = found ? "" : data.get("q").trim().slice(0, 60);
    filters.classList.toggle("is-on", words.length + diets.length + avoided.length > 0);
  };
  $("[data-plain]", form).hidden = true;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.activeElement.blur();
  });
  filters.addEventListener("toggle", () => filters.open && form.elements.q.focus());
  $("[data-nothing] [data-reset]").addEventListener("click", (event) => {
    event.preventDefault();
    form.reset();
    apply();
  });
  apply();
}

// The dish page: quantity and running total.

const dish = $("[data-dish-form]");
if (dish) {
  const total = $("[data-total]", dish);
  const sample = total.textContent;
  const count = dish.elements.quantity;
  const show = () => {
    const extra = $$("[data-price]:checked", dish).reduce((sum, option) => sum + Number(option.dataset.price), 0);
    const sum = Math.round((Number(dish.dataset.price) + extra) * 100 * (Number(count.value) || 1)) / 100;
    const digits = sum % 1 ? 2 : 0;
    const locale = document.documentElement.lang === "ru" ? "ru" : "en-GB";
    const figures = sum.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    total.textContent = sample.replace(/\d([\d\s.,]*\d)?/, figures.replace(/\s/g, "\u202f"));
  };
  total.hidden = false;
  for (const button of $$("[data-step]", dish)) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = Number(count.value) + Number(button.dataset.step);
      count.value = Math.min(Math.max(next, 1), Number(count.max));
      show();
    });
  }
  dish.addEventListener("input", show);
  show();
}

showCounts();
