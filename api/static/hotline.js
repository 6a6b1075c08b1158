// The hotline desk: long lists are searched by typing; what is promised and what is near comes while the call is written down.

import { searchable } from "./choosing.js";

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
  for (const select of form.querySelectorAll("select[data-find]")) {
    const { find: hint, none, begin } = select.dataset;
    const { input } = searchable(select, { hint, none, choose: none, keyboard: true });
    if (begin !== undefined) input.focus({ preventScroll: true }); // what is to be read out stays in sight
  }
  form.querySelector("[name=look]").remove();
  form.addEventListener("change", (event) => {
    if (event.target.name in { category: 0, place: 0, urgency: 0 }) document.querySelectorAll("[data-from]").forEach((box) => ask(box, form));
  });
}
const first = document.getElementById("trouble") ?? document.querySelector("[data-focus] :required");
first?.focus();
