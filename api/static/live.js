// What others change shows by itself. One tab of a browser listens for all of them: a browser has six connections.
import { news, quiet } from "./news.js";
import { ROW, filling, patch } from "./patch.js";

const LATER = 20000; // milliseconds, until whoever was turned away tries again
const { who, at, still } = document.body.dataset;
const main = document.querySelector("main");
let shown = Number(at), wanted = 0; // positions of the boards
let turn = 0; // how often what was sent has changed the page
let asked = false; // who is signed in by now, since the answer on its way was
let looking = false, waiting = still !== undefined, over = who === undefined, stream, release;

// This page's address, without what was done just now.
export function here() {
  const address = new URL(location);
  for (const name of ["did", "of"]) address.searchParams.delete(name);
  return address;
}

function bare() {
  const address = here();
  address.hash = "";
  return address;
}

// The page is as it stood when this was read.
export function settled(fresh) {
  turn += 1;
  waiting = still !== undefined;
  shown = Math.max(shown, Number(fresh.body.dataset.at ?? 0));
  quiet();
}

// The page says something that looking again would take away.
export function waits() {
  turn += 1;
  waiting = true;
}

// Look again, as often as there is something that is not shown yet; `anyway` asks who is signed in by now.
export async function look(anyway = false) {
  asked ||= anyway;
  if (looking || over || !(asked || (!waiting && (!document.hidden || main.querySelector(`section ${ROW}`))))) return;
  looking = true;
  try {
    while (!over && (asked || (wanted > shown && !waiting))) {
      asked = false;
      if (await looked(turn, wanted)) asked = true;
    }
  } finally {
    looking = false;
  }
}

// Whether it was in vain: what came is older than what the page shows by now.
async function looked(before, aim) {
  const answer = await fetch(bare(), { headers: { "X-Looking": "1" } }).catch(() => null);
  const fresh = new DOMParser().parseFromString((await answer?.text().catch(() => "")) ?? "", "text/html");
  if (before !== turn) return true;
  if (!answer || answer.status >= 500) {
    shown = aim; // until then
    setTimeout(look, LATER, true);
  } else if (!answer.ok || answer.redirected || fresh.body.dataset.who !== who) leave(answer);
  else if (!waiting) {
    patch(main, fresh.querySelector("main"));
    shown = Math.max(aim, Number(fresh.body.dataset.at));
    news();
  }
  return false;
}

// Nobody is signed in any more, or somebody else, or the page has gone: it is read anew, unless something is being filled in.
function leave(answer) {
  over = true;
  stream?.close();
  release?.();
  const gone = !answer.redirected || new URL(answer.url).pathname === "/sign-in";
  if (gone && ![...document.forms].some(filling)) location.replace(bare());
}

function heard(position) {
  wanted = Math.max(wanted, position);
  look();
}

// The tab that holds the lock listens; when it is closed, the next one does.
function listen() {
  if (over) return;
  stream = new EventSource("/live");
  stream.addEventListener("changed", ({ data }) => {
    const { position } = JSON.parse(data);
    channel.postMessage({ who, position });
    heard(position);
  });
  stream.addEventListener("over", again);
  stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && setTimeout(again, LATER));
  return new Promise((resolve) => (release ??= resolve)); // the lock is held by the first
}

async function again() {
  stream.close();
  await look(true);
  if (!over) listen();
}

const channel = new BroadcastChannel("live");
channel.onmessage = ({ data }) => {
  if (data.who !== who) look(true); // somebody else has signed in with this browser
  else if (data.position !== undefined) heard(data.position);
  else if (stream) channel.postMessage({ who, position: wanted });
};
if (!over) {
  channel.postMessage({ who });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  // Locks are for https and loopback; elsewhere a tab listens by itself.
  if (navigator.locks) navigator.locks.request(`live ${who}`, listen);
  else listen();
}
