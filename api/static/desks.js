// Lists of the desks: select all, how many are selected, filters kept in this browser; a reply as the resident reads it.

function selecting(form) {
  const all = form.querySelector("[data-all]"), told = form.querySelector("output");
  const boxes = () => [...form.elements].filter((one) => one.name === "item");
  const count = () => {
    const every = boxes(), on = every.filter((one) => one.checked).length;
    told.querySelector("b").textContent = on;
    all.checked = on > 0 && on === every.length;
    all.indeterminate = on > 0 && on < every.length;
  };
  all.closest("label").hidden = told.hidden = false;
  all.addEventListener("change", () => {
    for (const one of boxes()) one.checked = all.checked;
    count();
  });
  counts.set(form, count);
  count();
}

// Of the lists that stand on the page by now.
const counts = new Map();
const recount = () => counts.forEach((count, form) => (form.isConnected ? count() : counts.delete(form)));
document.addEventListener("change", (event) => counts.get(event.target.form)?.());
window.addEventListener("pageshow", recount); // a browser that goes back has ticked again what was ticked

function saving(box) {
  const key = `filters ${box.dataset.saved}`;
  const kept = () => JSON.parse(localStorage.getItem(key) || "[]");
  box.append(box.querySelector("template").content.cloneNode(true));
  const list = box.querySelector("ul"), form = box.querySelector("form");
  const keep = (views) => {
    localStorage.setItem(key, JSON.stringify(views));
    show();
  };
  const show = () => list.replaceChildren(...kept().map(([name, query]) => {
    const item = document.createElement("li"), link = document.createElement("a"), drop = document.createElement("button");
    link.className = drop.className = "chip";
    link.href = location.pathname + query;
    link.textContent = name;
    drop.type = "button";
    drop.textContent = "✕";
    drop.setAttribute("aria-label", box.dataset.drop.replace("{}", name));
    drop.addEventListener("click", () => keep(kept().filter((one) => one[0] !== name)));
    item.append(link, drop);
    return item;
  }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.querySelector("input").value.trim(), query = new URLSearchParams(location.search);
    for (const passing of ["did", "of", "before"]) query.delete(passing);
    if (name) keep([...kept().filter((one) => one[0] !== name), [name, `?${query}`]].slice(-12));
    form.reset();
  });
  show();
}

function mirroring(mirror) {
  const field = document.getElementById(mirror.dataset.mirrors);
  const standard = document.querySelector(`[data-fills="${field.id}"]`);
  const show = () => (mirror.textContent = field.value);
  for (const button of field.form.querySelectorAll("[formaction]")) button.hidden = true; // for those without script
  field.addEventListener("input", show);
  standard?.addEventListener("change", () => {
    field.value = standard.value;
    show();
  });
}

const KINDS = { "form.bulk": selecting, "[data-saved]": saving, "[data-mirrors]": mirroring };
const known = new WeakSet();

function begin() {
  for (const [which, how] of Object.entries(KINDS)) {
    for (const one of document.querySelectorAll(which)) if (!known.has(one)) how(known.add(one) && one);
  }
}

document.addEventListener("patched", () => (begin(), recount()));
begin();
