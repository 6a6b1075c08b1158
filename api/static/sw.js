// Between the pages and the line. EDITION and SHELL (the files of that edition) are put before this by the server.
// Of all pages only the form that logs a case is kept, for whoever is signed in; it goes when they sign out.

const PAGES = "whistle-pages", FORM = "/log", DOORS = ["/sign-in", "/sign-out"];
const HERE = `whistle-shell-${EDITION}`, PATIENCE = 4000; // milliseconds for a line that is there, but hardly

addEventListener("install", (event) => {
  event.waitUntil(caches.open(HERE).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => event.waitUntil(renewed().then(() => clients.claim())));

// A form that is kept names the files of its own edition: those are dropped only once it is renewed, or is none.
async function renewed() {
  const pages = await caches.open(PAGES);
  if (await pages.match(FORM)) {
    const answer = await fetch(FORM, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    await pages.put(FORM, answer);
  }
  const old = (await caches.keys()).filter((name) => name.startsWith("whistle-shell-") && name !== HERE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && DOORS.includes(pathname)) event.waitUntil(caches.delete(PAGES));
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(pathname === FORM && request.method === "GET" ? form(event) : page(request));
});

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

const page = (request) => fetch(request).catch(() => caches.match("/offline"));

async function form(event) {
  const pages = await caches.open(PAGES), had = await pages.match(FORM);
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => answer.ok && !answer.redirected && pages.put(FORM, answer.clone())).catch(() => {}));
  const late = new Promise((done) => had && setTimeout(done, PATIENCE, had));
  return Promise.race([fresh, late]).catch(async () => had ?? (await caches.match("/offline")));
}
