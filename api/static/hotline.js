// The hotline desk: long lists are searched by typing; what is promised and what is near comes while the call is written down.

const SHOWN = 12;
const HAN = /[\u3400-\u9fff]/;

// How well a word answers to what was typed: Han by its signs in order, anything else by how the word begins; 0 is not at all.
function fit(typed, word) {
  if (word === typed) return 3;
  if (!HAN.test(typed)) return word.startsWith(typed) ? 1 : 0;
  if (word.includes(typed)) return 2;
  let at = 0;
  for (const sign of word) if (sign === typed[at]) at += 1;
  return at === typed.length ? 1 : 0;
}

function rank(option, parts) {
  const words = option.dataset.words.split(" ");
  const fits = parts.map((part) => Math.max(...words.map((word) => fit(part, word))));
  return fits.includes(0) ? 0 : 1 + fits.reduce((sum, one) => sum + one, 0);
}

function make(name, said, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(said)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function combobox(select) {
  const options = [...select.options].filter((option) => option.value);
  const label = select.labels[0].firstChild.data.trim();
  const list = make("ul", { id: `${select.id}-list`, role: "listbox", hidden: "", "aria-label": label });
  const input = make("input", {
    type: "text", id: select.id, placeholder: select.dataset.find, autocomplete: "off", required: "",
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  });
  const none = make("p", { class: "quiet", role: "status" });
  const box = make("div", { class: "combo" });
  let found = [], at = -1;

  const set = (name, value) => input.setAttribute(name, value);
  const open = () => !list.hidden;
  const close = () => { list.hidden = true; set("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const choose = (option) => {
    input.value = option ? option.text : input.value;
    input.setCustomValidity(option || !input.value ? "" : select.dataset.none);
    if (select.value !== (option ? option.value : "")) {
      select.value = option ? option.value : "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (option) { none.textContent = ""; close(); }
  };
  const mark = (to) => {
    at = to;
    [...list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === at)));
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    set("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const show = (said) => {
    const parts = said.toLowerCase().split(/\s+/).filter(Boolean);
    const ranked = options.map((option) => [rank(option, parts), option]).filter(([fits]) => fits);
    found = ranked.sort((a, b) => b[0] - a[0]).slice(0, SHOWN).map(([, option]) => option);
    list.replaceChildren(...found.map((option, n) => {
      const line = make("li", { id: `${list.id}-${n}`, role: "option" }, option.text);
      line.append(" ", make("span", { class: "quiet" }, option.parentNode.label));
      line.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return line;
    }));
    list.hidden = !found.length;
    set("aria-expanded", String(open()));
    none.textContent = found.length ? "" : select.dataset.none;
    mark(found.length ? 0 : -1);
  };
  const move = (by) => (open() ? mark((at + found.length + by) % found.length) : show(select.value ? "" : input.value));
  const keys = {
    ArrowDown: () => { move(1); return true; },
    ArrowUp: () => { move(-1); return true; },
    Enter: () => open() && (choose(found[at]), true),
    Escape: () => open() && (close(), true),
  };

  for (const name of ["accesskey", "aria-invalid", "aria-describedby"]) if (select.hasAttribute(name)) set(name, select.getAttribute(name));
  input.value = select.value ? select.selectedOptions[0].text : "";
  input.addEventListener("input", () => { choose(null); show(input.value); });
  input.addEventListener("keydown", (event) => { if (keys[event.key]?.()) event.preventDefault(); });
  input.addEventListener("blur", () => { if (open()) choose(found[at]); });
  select.id += "-chosen";
  select.hidden = true;
  for (const name of ["required", "accesskey", "autofocus"]) select.removeAttribute(name);
  box.append(input, list, none);
  select.before(box);
  if ("begin" in select.dataset) input.focus({ preventScroll: true }); // what is to be read out stays in sight
}

async function ask(box, form) {
  const address = new URL(box.dataset.from, location);
  for (const name of ["category", "place", "urgency"]) if (form.elements[name].value) address.searchParams.set(name, form.elements[name].value);
  box.asked = address.href;
  const enough = box.dataset.needs.split(" ").every((name) => address.searchParams.has(name));
  const answer = enough ? await fetch(address).catch(() => null) : null;
  const said = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (box.asked === address.href) box.innerHTML = said;
}

const form = document.getElementById("call");
if (form) {
  form.querySelectorAll("select[data-find]").forEach(combobox);
  form.querySelector("[name=look]").remove();
  form.addEventListener("change", (event) => {
    if (event.target.name in { category: 0, place: 0, urgency: 0 }) document.querySelectorAll("[data-from]").forEach((box) => ask(box, form));
  });
}
const first = document.getElementById("trouble") ?? document.querySelector("[data-focus] :required");
first?.focus();
