// While somebody writes what is not sealed: whatever in it may tell who somebody is, is said below the field. Nothing is refused.

const OPEN = /(^|\.)(summary|reason|done|reply|answer|comment|why|tried|legal_basis|label|evidence)$/; // as domain/unsealed.py has it
const PAUSE = 700; // milliseconds after the last key
const ANYTHING = /[0-9\uff10-\uff19\u0f20-\u0f29@\uff20]|[\u3007零一二三四五六七八九幺]{11}/;
const waiting = new WeakMap();

document.addEventListener("input", ({ target }) => {
  if (!target.matches("form[method=post] :is(textarea, input[type=text])") || !OPEN.test(target.name)) return;
  clearTimeout(waiting.get(target));
  waiting.set(target, setTimeout(look, PAUSE, target));
});

async function look(field) {
  const text = field.value;
  const said = ANYTHING.test(text) ? await asked(field.name, text) : "";
  if (field.value === text && said !== null) tell(field, said);
}

async function asked(name, text) {
  const body = new URLSearchParams([[name, text]]);
  const answer = await fetch("/look-over", { method: "POST", body, headers: { "Accept-Language": document.documentElement.lang } }).catch(() => null);
  return answer?.ok && !answer.redirected ? (await answer.text().catch(() => "")).trim() : null;
}

function tell(field, said) {
  const place = field.parentElement.querySelector("output.may-tell") ?? (said && made(field));
  if (place) place.innerHTML = said;
}

function made(field) {
  const place = Object.assign(document.createElement("output"), { className: "may-tell" });
  place.setAttribute("for", field.id);
  field.after(place);
  return place;
}
