// An attempt, better: saves by itself, one question at a time where the screen is narrow, marks, a look back before
// handing in, and the time. The server keeps the clock and the answers; without this file the page is a plain form.

const form = document.getElementById("attempt");
const words = JSON.parse(form.dataset.words);
const questions = [...form.querySelectorAll(".q")];
const links = [...document.querySelectorAll(".palette a")];
const find = (selector) => document.querySelector(selector);
const say = (word, n) => word.replace("{n}", n);
const [state, trouble, review] = ["#state", "#trouble", "#review"].map(find);
const [back, onward, submit, save] = ['[data-step="-1"]', '[data-step="1"]', "[data-submit]", "[data-save]"].map(find);
for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;

// -- What is answered, what is marked ---------------------------------------------------------------------------

const kept = `doubt:${location.pathname}:${form.dataset.number}`;
let flags = new Set();
try { flags = new Set(JSON.parse(sessionStorage.getItem(kept))); } catch { /* storage may be shut; marks then last as long as the page */ }

const inputs = (q) => [...q.querySelectorAll("input")];
const answered = (q) => inputs(q).some((i) => (i.type === "text" ? i.value.trim() : i.checked));
const flagged = (q) => flags.has(q.dataset.n);

function paint() {
  questions.forEach((q, i) => {
    links[i].classList.toggle("answered", answered(q));
    links[i].classList.toggle("flagged", flagged(q));
    const said = [answered(q) && words.answered, flagged(q) && words.flagged].filter(Boolean);
    links[i].querySelector("[data-said]").textContent = said.length ? ` (${said.join(", ")})` : "";
    q.querySelector(".flag").setAttribute("aria-pressed", flagged(q));
  });
  const count = find("[data-count]");
  count.textContent = say(count.dataset.count, questions.filter(answered).length).replace("{of}", questions.length);
}

// -- One at a time ----------------------------------------------------------------------------------------------

const narrow = matchMedia("(max-width: 999px)");
let now = 0;

function show(n, focus) {
  now = Math.min(Math.max(n, 0), questions.length - 1);
  questions.forEach((q, i) => q.classList.toggle("away", narrow.matches && i !== now));
  links.forEach((link, i) => (i === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  back.hidden = !narrow.matches || now === 0;
  onward.hidden = !narrow.matches || now === questions.length - 1;
  submit.hidden = narrow.matches && now < questions.length - 1;
  save.hidden = narrow.matches;
  const strip = links[now].closest("ol");
  strip.scrollLeft = links[now].offsetLeft - strip.clientWidth / 2;
  if (!focus) return;
  questions[now].focus({ preventScroll: true });
  if (narrow.matches) scrollTo(0, 0);
  else questions[now].scrollIntoView();
}

function jump(event) {
  const i = questions.findIndex((q) => `#${q.id}` === event.currentTarget.hash);
  event.preventDefault();
  if (review.open) review.close();
  show(i, true);
}

for (const link of links) link.addEventListener("click", jump);
for (const button of [back, onward]) button.addEventListener("click", () => show(now + Number(button.dataset.step), true));
narrow.addEventListener("change", () => show(now));
form.addEventListener("focusin", (event) => {
  const i = questions.indexOf(event.target.closest(".q"));
  if (i >= 0 && i !== now && !narrow.matches) {
    links[now].removeAttribute("aria-current");
    links[i].setAttribute("aria-current", "true");
    now = i;
  }
});
form.addEventListener("click", (event) => {
  if (!event.target.closest(".flag")) return;
  const n = event.target.closest(".q").dataset.n;
  if (!flags.delete(n)) flags.add(n);
  try { sessionStorage.setItem(kept, JSON.stringify([...flags])); } catch { /* as above */ }
  paint();
});

// -- Saving -----------------------------------------------------------------------------------------------------

// Sent again after a lost reply, the same answers keep their id; other answers get a new one.
let sent = { body: "", id: "" };
let dirty = false;
let leaving = false;
let waiting = 0;
let failures = 0;
let busy = false;

function fresh() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}

function tell(word, long = "") {
  state.textContent = word;
  state.classList.toggle("unsaved", Boolean(long));
  if (trouble.textContent !== long) trouble.textContent = long;
}

function later(seconds) {
  clearTimeout(waiting);
  waiting = setTimeout(send, seconds * 1000);
}

async function send() {
  if (busy || leaving || !dirty) return;
  busy = true;
  dirty = false;
  const data = new FormData(form);
  data.set("action", "save");
  for (const name of ["operation", "csrf_token"]) data.delete(name);
  const body = new URLSearchParams(data).toString();
  if (body !== sent.body) sent = { body, id: fresh() };
  tell(words.saving);
  const problem = await deliver(`${body}&operation=${sent.id}`, true);
  busy = false;
  if (leaving) return;
  if (!problem) {
    failures = 0;
    tell(words.saved);
    if (dirty) later(1);
    return;
  }
  dirty = true;
  tell(words.unsaved, words[problem]);
  if (problem !== "refused") later(Math.min(60, 5 * 2 ** failures++));
}

// Returns the name of what went wrong, or nothing. Somebody who signed in again has a new token: it is fetched once.
async function deliver(body, again) {
  try {
    const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
    const token = encodeURIComponent(form.elements.csrf_token.value);
    const reply = await fetch(form.getAttribute("action"), { method: "POST", body: `${body}&csrf_token=${token}`, headers });
    if (reply.status === 400 && again) return (await renew()) || deliver(body);
    if (reply.status === 401 || elsewhere(reply)) return "signin";
    if (reply.status >= 500 || reply.status === 429) return "offline";
    if (!reply.ok) return "refused";
    if ((reply.headers.get("Content-Type") || "").includes("json")) readBack((await reply.json()).read_as);
  } catch {
    return "offline";
  }
}

const elsewhere = (reply) => reply.redirected && new URL(reply.url).pathname !== location.pathname;

// What an attempt is known by: whose it is, its questions, and the names its choices got. On a shared computer somebody
// else may have signed in meanwhile: their attempt is not this one, and nothing is sent to it.
const mark = (attempt) =>
  [attempt.dataset.who, attempt.dataset.number, ...[...attempt.querySelectorAll(".q input")].map((i) => (i.type === "text" ? i.name : i.value))].join();

async function renew() {
  const page = await fetch(location.href);
  if (page.status === 401 || elsewhere(page)) return "signin";
  const read = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("attempt");
  if (!read || mark(read) !== mark(form)) return "refused";
  form.elements.csrf_token.value = read.elements.csrf_token.value;
}

// How the server read the numbers: it alone knows the rule. What it could not read is missing from its list.
function readBack(numbers) {
  if (!numbers || dirty) return;
  for (const place of form.querySelectorAll("[data-read]")) {
    const name = place.htmlFor.value;
    const written = form.elements[name].value.trim();
    place.textContent = !written ? "" : name in numbers ? say(words.read, numbers[name]) : words.unread;
  }
}

form.addEventListener("input", (event) => {
  dirty = true;
  const text = event.target.type === "text";
  const place = text && document.getElementById(`${event.target.name}-read`);
  if (place) place.textContent = "";
  later(text ? 1.5 : 0.3);
  paint();
});
addEventListener("online", send);
document.addEventListener("visibilitychange", send);
addEventListener("beforeunload", (event) => {
  if (dirty && !leaving) event.preventDefault();
});

// -- Handing in -------------------------------------------------------------------------------------------------

function look() {
  const list = review.querySelector("ul");
  list.replaceChildren();
  questions.forEach((q, i) => {
    const why = [!answered(q) && words.open, flagged(q) && words.flagged].filter(Boolean);
    if (!why.length) return;
    const link = document.createElement("a");
    link.href = `#${q.id}`;
    link.textContent = `${say(words.question, i + 1)}: ${why.join(", ")}`;
    link.addEventListener("click", jump);
    list.appendChild(document.createElement("li")).append(link);
  });
  review.querySelector("[data-summary]").textContent = list.children.length ? say(words.some, list.children.length) : words.all;
  review.showModal();
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.matches("[data-sure]")) {
    leaving = true;
    button.textContent = words.saving;
    return;
  }
  event.preventDefault();
  if (button && button.matches("[data-submit]")) return look();
  dirty = true;
  send();
});
find("[data-review]").addEventListener("click", look);
find("[data-close]").addEventListener("click", () => review.close());

// -- Time: by the server's clock, in whole minutes until the last one --------------------------------------------

const timer = find("#timer");
if (timer) {
  const end = Date.now() + (Date.parse(form.dataset.deadline) - Date.parse(form.dataset.now));
  const shown = timer.querySelector("span");
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      shown.textContent = words.over;
      find("[data-sure]").click();
      return;
    }
    const soon = left <= 60;
    if (soon && !timer.classList.contains("soon")) trouble.textContent = words.last;
    timer.classList.toggle("soon", soon);
    shown.textContent = soon ? say(words.seconds, left) : say(words.minutes, Math.ceil(left / 60));
    setTimeout(tick, 1000);
  };
  tick();
}

paint();
show(0);
