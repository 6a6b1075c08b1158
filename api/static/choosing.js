// A select becomes a search field with suggestions; the select stays behind it and keeps the value, as without script.

const USED = 5;

const plain = (words) => words.toLowerCase().normalize("NFKD");

export function searchable(select, { hint, none, choose, recent, memory }) {
  const input = document.createElement("input"), list = document.createElement("ul"), chips = document.createElement("p");
  const options = [...select.options].filter((one) => one.value);
  let at = -1, shown = [];

  Object.assign(input, { type: "text", id: `${select.id}-words`, placeholder: hint, autocomplete: "off", required: select.required });
  Object.assign(list, { id: `${select.id}-list`, className: "choices", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.labels[0].textContent.trim());
  chips.className = "chips";
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  select.labels[0].htmlFor = input.id;
  select.required = false;
  select.hidden = true;
  select.before(chips, input, list);

  const chosen = () => options.find((one) => one.value === select.value);

  function set(option) {
    select.value = option?.value ?? "";
    if (option) input.value = option.text;
    input.setCustomValidity(option ? "" : choose);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function found() {
    const terms = plain(input.value).split(/\s+/).filter(Boolean);
    return options.filter((one) => {
      const said = plain(`${one.text} ${one.parentElement.label} ${one.value}`);
      return terms.every((term) => said.includes(term));
    });
  }

  function drawn(option, n) {
    const item = document.createElement("li");
    Object.assign(item, { id: `${list.id}-${n}`, textContent: option.text });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(n === at));
    item.addEventListener("click", () => taken(option));
    return item;
  }

  function draw(open) {
    const items = shown.map(drawn);
    if (!items.length) items.push(Object.assign(document.createElement("li"), { textContent: none, className: "quiet" }));
    if (!shown.length) items[0].setAttribute("role", "option");
    list.replaceChildren(...items);
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (open && at >= 0) input.setAttribute("aria-activedescendant", items[at].id);
    else input.removeAttribute("aria-activedescendant");
    if (open && at >= 0) items[at].scrollIntoView({ block: "nearest" });
  }

  const close = () => draw(false);

  function taken(option) {
    set(option);
    at = -1;
    close();
  }

  function search() {
    shown = found();
    at = -1;
    draw(true);
  }

  const KEYS = {
    ArrowDown: () => (list.hidden ? search() : ((at = Math.min(at + 1, shown.length - 1)), draw(true))),
    ArrowUp: () => (list.hidden ? search() : ((at = Math.max(at - 1, 0)), draw(true))),
    Enter: () => taken(shown[Math.max(at, 0)]),
    Escape: close,
  };
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("focus", () => (input.select(), chosen() ? close() : search()));
  input.addEventListener("input", () => (set(options.find((one) => one.text === input.value)), search()));
  input.addEventListener("blur", () => (!chosen() && found().length === 1 ? taken(found()[0]) : close()));
  input.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    if (!key || (event.key === "Enter" && (list.hidden || !shown.length))) return;
    event.preventDefault();
    key();
  });

  const used = () => JSON.parse(localStorage.getItem(memory) ?? "[]").map((code) => options.find((one) => one.value === code)).filter(Boolean);

  function chip(option) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: option.text });
    made.addEventListener("click", () => taken(option));
    return made;
  }

  function offer() {
    const lately = used();
    chips.hidden = !lately.length;
    chips.replaceChildren(Object.assign(document.createElement("span"), { className: "quiet", textContent: recent }), ...lately.map(chip));
  }

  // As the select says now; also after the form was emptied or filled in again.
  function renew() {
    input.value = chosen()?.text ?? "";
    input.setCustomValidity(chosen() ? "" : choose);
    close();
    offer();
  }

  renew();
  return {
    renew,
    remember() {
      const codes = [select.value, ...used().map((one) => one.value)];
      try {
        localStorage.setItem(memory, JSON.stringify([...new Set(codes)].slice(0, USED)));
      } catch {} // full: then nothing is remembered
    },
  };
}
