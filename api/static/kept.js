// What is kept on this phone, as its user sees it; and the form that is kept for when there is no line.

import { able, again, discard, follow, kept } from "./outbox.js";

const PAGES = "whistle-pages", SEEN = "whistle-form-of";
export const box = document.getElementById("kept");
const arrived = []; // while this page is open

function made(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function button(text, act) {
  const found = made("button", text, { type: "button", className: "button plain" });
  found.addEventListener("click", act);
  return found;
}

const inStead = (words, value) => words.replace("#", value);

function reason({ state, reason: said, status }) {
  if (state !== "refused") return [];
  return [made("p", said || inStead(box.dataset.noReason, status), { className: "wrong" })];
}

function acts(row) {
  const { edit, again: anew, discard: gone, discardSure, signIn, door, log } = box.dataset;
  if (row.state === "signIn") return [made("a", signIn, { href: door, className: "button plain" })];
  if (row.state !== "refused") return [];
  const first = row.told
    ? button(anew, () => again(row))
    : made("a", edit, { href: `${log}#edit-${row.id}`, className: "button plain" });
  return [first, button(gone, () => confirm(discardSure) && discard(row.id))];
}

function item(row) {
  const found = made("li", ""), line = made("p", ""), buttons = made("div", "", { className: "acts" });
  line.append(made("strong", row.label), " ", made("span", box.dataset[row.state], { className: "tag" }));
  if (row.photos.length) line.append(" ", made("span", inStead(box.dataset.photos, row.photos.length), { className: "count" }));
  if (row.href) line.append(" ", made("a", row.number, { href: row.href }));
  buttons.append(...acts(row));
  found.append(line, ...reason(row), buttons);
  return found;
}

function news({ number, href }) {
  const found = made("li", "", { className: "done" }), line = made("p", `${box.dataset.delivered} `);
  line.append(href ? made("a", number, { href }) : number);
  found.append(line);
  return found;
}

// One node a row, made anew only where the row says something else: a button that has the focus keeps it.
const drawn = new Map();

function node(row) {
  const told = JSON.stringify([row.state, row.number, row.href, row.reason, row.status, row.photos.length]);
  const before = drawn.get(row.id);
  if (before?.told !== told) drawn.set(row.id, { told, node: item(row) });
  return drawn.get(row.id).node;
}

function fill(list, wanted) {
  for (const one of [...list.children]) if (!wanted.includes(one)) one.remove();
  wanted.forEach((one, n) => list.children[n] === one || list.insertBefore(one, list.children[n]));
}

async function show({ delivered } = {}) {
  if (delivered) arrived.push(news(delivered));
  const { mine, others } = await kept();
  fill(document.getElementById("kept-rows"), [...mine.map(node), ...arrived]);
  const rest = document.getElementById("kept-others");
  rest.textContent = inStead(box.dataset.others, others);
  rest.hidden = !others;
  box.hidden = !mine.length && !arrived.length && !others;
}

// The form as this user gets it, once a day and for nobody else: an old one lacks what was changed since.
async function keepForm() {
  const stamp = `${box.dataset.user} ${new Date().toDateString()}`;
  const pages = await caches.open(PAGES);
  if (localStorage.getItem(SEEN) === stamp && (await pages.match("/log"))) return;
  const answer = await fetch(box.dataset.log, { headers: { Accept: "text/html" } }); // where there is none, the old one stays
  if (!answer.ok || answer.redirected) return pages.delete("/log");
  await pages.put("/log", answer);
  localStorage.setItem(SEEN, stamp);
}

if (able && box) {
  follow(box.dataset.user, box.dataset.log, show);
  show();
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.onLine && keepForm()).catch(() => {});
  }
}
