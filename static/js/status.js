// The order's status and the table's screen: they come by themselves while someone is looking, part by part, and a
// part in which something is being written stays as it is. Every action is a form and works without this file.
const live = document.querySelector("[data-status-live]");
const toast = document.querySelector("[data-toast]");
const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
const screen = () => document.querySelector("[data-status]");
const shown = new Map([...parts(document)].map(([name, part]) => [name, part.outerHTML]));

function touched(part) {
  if (part.querySelector("details[open]")) return true;
  const fields = [...part.querySelectorAll("input:not([type=hidden]), textarea")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

// `done` is the part whose own form was sent: what was written in it is there now.
function show(html, done = "") {
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  const old = parts(document);
  for (const [name, part] of parts(fresh)) {
    const now = part.outerHTML;
    const before = old.get(name);
    if (!before || (name !== done && (now === shown.get(name) || touched(before)))) continue;
    shown.set(name, now);
    before.replaceWith(part);
  }
  screen().dataset.version = fresh.dataset.version;
  const state = fresh.dataset.state;
  if (state !== screen().dataset.state) {
    screen().dataset.state = state;
    live.textContent = document.querySelector("[data-word]").textContent;
  }
}

function say(html, words) {
  toast.innerHTML = html;
  if (!words) return;
  const banner = document.createElement("p");
  banner.className = "banner";
  banner.textContent = words;
  toast.replaceChildren(banner);
}

async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { "X-Fragment": "status" }, signal: AbortSignal.timeout(15000) });
  return [answer.ok && answer.status !== 204, await answer.text()];
}

const broken = (error) => {
  if (!(error instanceof TypeError || error.name === "TimeoutError")) throw error;
};

let busy = false;
let sent = 0;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const part = form.closest("[data-part]");
  if (!part) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  sent += 1;
  const data = new FormData(form);
  if (event.submitter && event.submitter.name) data.set(event.submitter.name, event.submitter.value);
  say("");
  try {
    const [ok, html] = await ask(form.action, { method: "POST", body: new URLSearchParams(data) });
    if (ok) show(html, part.dataset.part);
    else if (html.includes("data-problem")) say(html);
  } catch (error) {
    broken(error);
    say("", toast.dataset.offline);
  }
  busy = false;
});

setInterval(async () => {
  if (busy || document.hidden || screen().dataset.state === "closed") return;
  // What was asked for before a form was sent is older than the form's answer.
  const asked = sent;
  try {
    const [ok, html] = await ask(`${screen().dataset.path}?since=${screen().dataset.version}`);
    if (ok && asked === sent) show(html);
  } catch (error) {
    broken(error);
  }
}, 4000);
