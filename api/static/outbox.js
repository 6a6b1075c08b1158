// Cases kept on the phone until they are delivered: words first, photos after, each under a key that makes trying again harmless.

const ROWS = "rows", NAME = "whistle-outbox";
const RETRIED = new Set([408, 409, 425, 429]);
const FIRST_WAIT = 1000, LONGEST_WAIT = 300_000, PATIENCE = 60_000, TICK = 3000; // milliseconds
const MOST_409 = 8; // what is in the way for so long stays there

export const able = Boolean(self.isSecureContext && self.indexedDB && navigator.locks && self.BroadcastChannel);

const channel = able ? new BroadcastChannel(NAME) : null;
const followers = new Set();
let database, user = "", address = "/log", queued = false, soon = false;

// The next one to ask opens it again.
function shut() {
  database = undefined;
}

function opened() {
  database ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(ROWS, { keyPath: "id" });
    asked.onsuccess = () => {
      asked.result.onclose = shut;
      done(asked.result);
    };
    asked.onerror = () => {
      shut();
      failed(asked.error);
    };
  });
  return database;
}

// Done once it is on the disk, and no earlier.
async function change(act) {
  const turn = (await opened()).transaction(ROWS, "readwrite", { durability: "strict" });
  const over = new Promise((done, failed) => {
    turn.oncomplete = done;
    turn.onerror = turn.onabort = () => failed(turn.error);
  });
  act(turn.objectStore(ROWS));
  await over;
}

async function all() {
  const store = (await opened()).transaction(ROWS).objectStore(ROWS);
  const rows = await new Promise((done, failed) => {
    const asked = store.getAll();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return rows.sort((one, other) => one.at - other.at);
}

function tell(news = {}) {
  channel.postMessage(news);
  followers.forEach((follower) => follower(news));
}

async function put(row) {
  await change((rows) => rows.put(row));
  tell();
  return row;
}

// What the signed-in user has here, and how many rows are somebody else's.
export async function kept() {
  const rows = await all();
  const mine = rows.filter((row) => row.user === user);
  return { mine, others: rows.length - mine.length };
}

// A case is kept; where it stands for one that was refused, that one goes in the same breath.
export async function keep({ fields, photos, label, instead }) {
  const pictures = photos.map((blob) => ({ key: crypto.randomUUID(), blob }));
  const row = { id: crypto.randomUUID(), key: crypto.randomUUID(), user, fields, photos: pictures, label, at: Date.now(), state: "waiting", tries: 0, conflicts: 0, next: 0 };
  await change((rows) => {
    if (instead) rows.delete(instead);
    rows.put(row);
  });
  tell();
  return row;
}

export async function discard(id) {
  await change((rows) => rows.delete(id));
  tell();
}

export async function again(row) {
  await put({ ...row, state: "waiting", tries: 0, conflicts: 0, next: 0 });
  drain();
}

// --- delivering

function send(where, body) {
  const headers = { Accept: "application/json", "Whistle-User": user };
  return fetch(where, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
}

const wait = (tries) => Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);

// What is not taken now is tried again later, after a while that differs from phone to phone; what is refused for good says why.
async function refusal(row, answer) {
  const status = answer?.status ?? 0, tries = row.tries + 1, conflicts = row.conflicts + (status === 409);
  const asked = 1000 * (Number(answer?.headers.get("retry-after")) || 0);
  const later = { ...row, tries, conflicts, next: Date.now() + Math.max(asked, wait(tries)) };
  if (answer?.type === "opaqueredirect" || status === 401) return put({ ...later, state: "signIn" });
  if (status < 400 || status > 499 || (RETRIED.has(status) && conflicts <= MOST_409)) return put({ ...later, state: "waiting" });
  const said = await answer.json().catch(() => ({}));
  return put({ ...row, state: "refused", reason: said.detail ?? "", status });
}

// What was answered; nothing where it broke off, or is some network's own page: whatever was written, the key finds it again.
const understood = async (answer) => (answer?.ok ? answer.json().catch(() => null) : null);

async function words(row) {
  const body = new URLSearchParams([...row.fields, ["key", row.key], ["case", row.id]]);
  const answer = await send(address, body);
  const said = await understood(answer);
  if (!said?.case) return refusal(row, answer);
  const { number, href } = said;
  return put({ ...row, number, href, told: true, tries: 0, conflicts: 0, state: "waiting" });
}

async function pictures(row) {
  for (const photo of row.photos) {
    const body = new FormData();
    body.append("key", photo.key);
    body.append("photo", photo.blob, "photo.jpg");
    const answer = await send(`/cases/${row.id}/photos`, body);
    if (!(await understood(answer))?.photos) return refusal(row, answer);
    row = await put({ ...row, photos: row.photos.filter((one) => one !== photo), tries: 0 });
  }
  return row;
}

async function wiped({ id, number, href }) {
  await change((rows) => rows.delete(id));
  tell({ delivered: { id, number, href } });
}

const STEPS = [[(row) => !row.told, words], [(row) => row.told, pictures]];

// Words of all first, photos after; no further without a line, nor once nobody is signed in.
async function round(early) {
  for (const [wanted, step] of STEPS) {
    for (const row of (await kept()).mine.filter(wanted)) {
      if (row.state === "refused" || (!early && row.next > Date.now())) continue;
      const after = await step(await put({ ...row, state: "sending" }));
      if (after.told && !after.photos.length) await wiped(after);
      if (after.state === "signIn" || !navigator.onLine) return;
    }
  }
}

// One at a time over all tabs; a tab that waits for its turn waits once.
export async function drain(early = false) {
  soon ||= early;
  if (queued || !navigator.onLine) return;
  queued = true;
  await navigator.locks.request(NAME, () => {
    const now = soon;
    queued = soon = false;
    return round(now);
  });
}

export const hear = (follower) => followers.add(follower);

// From now on: rows of this user are delivered, and the follower hears of every change.
export function follow(who, where, follower) {
  [user, address] = [who, where];
  hear(follower);
  channel.onmessage = ({ data }) => followers.forEach((one) => one(data));
  addEventListener("online", () => drain(true));
  document.addEventListener("visibilitychange", () => document.hidden || drain());
  setInterval(drain, TICK);
  drain(true);
}
