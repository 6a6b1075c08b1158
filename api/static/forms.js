// Forms are sent without leaving the page; what comes back is put in its place.
import { here, look, settled, waits } from "./live.js";
import { patch } from "./patch.js";

const PATIENCE = 30000; // milliseconds; a command waits for four seconds at most
const main = document.querySelector("main");
const title = document.title;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const to = new URL(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location);
  const plain = form.getAttribute("method") !== "post" || form.enctype.startsWith("multipart") || form.closest("[data-plain]");
  if (event.defaultPrevented || plain || to.origin !== location.origin || to.pathname.startsWith("/sign-")) return;
  event.preventDefault();
  if (!form.hasAttribute("aria-busy")) send(form, to, event.submitter);
});

async function send(form, to, button) {
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) said.append(name, String(value).replace(/\r?\n/g, "\r\n")); // as a browser does
  if (button?.name) said.append(button.name, button.value);
  document.getElementById("done").replaceChildren();
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-disabled", "true");
  const answer = await fetch(to, { method: "POST", body: said, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  const fresh = new DOMParser().parseFromString((await answer?.text().catch(() => "")) ?? "", "text/html");
  form.removeAttribute("aria-busy");
  button?.removeAttribute("aria-disabled");
  arrived(form, to, button, answer, fresh);
}

function arrived(form, to, button, answer, fresh) {
  const at = new URL(answer?.url ?? to);
  const page = fresh.querySelector("main");
  if (!page) trouble("unsent");
  else if (at.pathname === "/sign-in") trouble("signed-out");
  else if (answer.redirected) done(form, at, fresh, page);
  else if (fresh.title === title) again(form, page, answer.ok);
  else if (!answer.ok) elsewhere(fresh, page, to);
  else {
    form.setAttribute("data-plain", ""); // a page of its own; the form's key makes it safe to ask for it once more
    form.requestSubmit(button);
  }
}

// The same page, with what is wrong, or with what was asked for: what stands in the form is what was sent.
function again(form, page, fine) {
  patch(main, page, form, !fine);
  form.reset();
  form.setAttribute("data-again", "");
  if (fine) waits(); // an answer to what was sent is not to be had by looking again
  document.getElementById("trouble")?.focus();
}

function done(form, at, fresh, page) {
  if (at.pathname !== location.pathname) return location.assign(at);
  const around = form.closest("section"), act = form.closest("details.act");
  form.reset();
  form.removeAttribute("data-again");
  if (act) act.open = false;
  patch(main, page, form);
  settled(fresh);
  history.replaceState(null, "", here());
  if (document.activeElement === document.body || act?.contains(document.activeElement)) rest(act?.querySelector("summary"), around?.querySelector("h2"), main);
}

// Where the focus goes when the button has gone.
function rest(...places) {
  const place = places.find((one) => one?.isConnected);
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

// What is wrong is said on another page than this: here only the sentence, there the form.
function elsewhere(fresh, page, to) {
  const said = fresh.getElementById("trouble");
  const box = trouble("unsent", said ?? undefined);
  for (const link of box.querySelectorAll("a[href^='#']")) link.href = to;
  if (!said) box.querySelector("p").textContent = ["h1", ".lead"].map((one) => page.querySelector(one)?.textContent ?? "").join(" ");
  look(true);
}

function trouble(kind, box = document.getElementById(kind).content.firstElementChild.cloneNode(true)) {
  document.getElementById("trouble")?.remove();
  box.id = "trouble";
  main.prepend(box);
  box.focus();
  return box;
}
