// A select becomes a search field with suggestions; the select stays behind it and keeps the value, as without script.

const USED = 5, SHOWN = 12;
const HAN = /[\u3400-\u9fff]/;

const plain = (words) => words.toLowerCase().normalize("NFKD");
const wordsOf = (option) => plain(option.dataset.words ?? `${option.text} ${option.parentElement.label ?? ""} ${option.value}`);

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
  const words = wordsOf(option).split(/\s+/);
  const fits = parts.map((part) => Math.max(...words.map((word) => fit(part, word))));
  return fits.includes(0) ? 0 : 1 + fits.reduce((sum, one) => sum + one, 0);
}

function ranked(options, typed) {
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  const fitting = options.map((option) => [rank(option, parts), option]).filter(([fits]) => fits);
  return fitting.sort((a, b) => b[0] - a[0]).map(([, option]) => option);
}

function made(name, said, text = "") {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(said)) found.setAttribute(key, value);
  found.textContent = text;
  return found;
}

// `keyboard`: for hands that stay on one; the first is marked, and leaving the field takes it. Elsewhere the list opens by itself.
// `memory`: where this browser keeps what was used lately, which `recent` introduces.
export function searchable(select, { hint, none, choose, keyboard = false, recent = "", memory = "" }) {
  const options = [...select.options].filter((option) => option.value);
  const list = made("ul", { id: `${select.id}-list`, role: "listbox", hidden: "", "aria-label": select.labels[0].firstChild.data.trim() });
  const input = made("input", {
    type: "text", id: select.id, placeholder: hint, autocomplete: "off",
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  });
  const missing = made("p", { class: "quiet", role: "status" }), chips = made("p", { class: "chips", hidden: "" }), box = made("div", { class: "combo" });
  let found = [], at = -1;

  const given = ["required", "accesskey", "aria-invalid", "aria-describedby"].filter((name) => select.hasAttribute(name));
  for (const name of given) input.setAttribute(name, select.getAttribute(name));
  for (const name of ["required", "accesskey", "autofocus"]) select.removeAttribute(name);
  select.id += "-chosen"; // the label, and whoever leads to the field, mean the input from now on
  select.hidden = true;
  box.append(input, list, missing);
  select.before(chips, box);

  const chosen = () => options.find((option) => option.value === select.value);
  const open = () => !list.hidden;

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    const value = option?.value ?? "";
    if (option) input.value = option.text;
    input.setCustomValidity(option || !input.value ? "" : choose);
    if (select.value !== value) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!option) return;
    missing.textContent = "";
    close();
  }

  function mark(to) {
    at = to;
    [...list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function line(option, n) {
    const item = made("li", { id: `${list.id}-${n}`, role: "option" }, option.text);
    item.append(" ", made("span", { class: "quiet" }, option.parentElement.label ?? ""));
    item.addEventListener("click", () => take(option));
    return item;
  }

  function show(typed) {
    found = ranked(options, typed).slice(0, keyboard ? SHOWN : options.length);
    list.replaceChildren(...found.map(line));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(open()));
    missing.textContent = found.length ? "" : none;
    mark(keyboard && found.length ? 0 : -1);
  }

  const move = (by) => (open() ? mark((Math.max(at, by > 0 ? -1 : 0) + found.length + by) % found.length) : show(chosen() ? "" : input.value));
  const KEYS = {
    ArrowDown: () => (move(1), true),
    ArrowUp: () => (move(-1), true),
    Enter: () => open() && (take(found[Math.max(at, 0)]), true),
    Escape: () => open() && (close(), true),
  };

  function left() {
    if (keyboard && open()) take(found[at]);
    else if (!chosen() && input.value && found.length === 1) take(found[0]);
    else close();
  }

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  input.addEventListener("input", () => (take(options.find((option) => option.text === input.value)), show(input.value)));
  input.addEventListener("keydown", (event) => KEYS[event.key]?.() && event.preventDefault());
  input.addEventListener("blur", left);
  if (!keyboard) input.addEventListener("focus", () => (input.select(), chosen() || show(input.value)));

  // --- what was used lately

  const used = () => JSON.parse(localStorage.getItem(memory) ?? "[]").map((code) => options.find((option) => option.value === code)).filter(Boolean);

  function chip(option) {
    const button = made("button", { type: "button", class: "chip" }, option.text);
    button.addEventListener("click", () => take(option));
    return button;
  }

  function offer() {
    const lately = memory ? used() : [];
    chips.hidden = !lately.length;
    chips.replaceChildren(made("span", { class: "quiet" }, recent), ...lately.map(chip));
  }

  // As the select says now; also after the form was emptied or filled in again.
  function renew() {
    input.value = chosen()?.text ?? "";
    input.setCustomValidity("");
    close();
    offer();
  }

  function remember() {
    const codes = [select.value, ...used().map((option) => option.value)];
    try {
      localStorage.setItem(memory, JSON.stringify([...new Set(codes)].slice(0, USED)));
    } catch {} // full: then nothing is remembered
  }

  renew();
  return { input, renew, remember };
}
