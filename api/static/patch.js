// Makes this page like a fresh one, and touches only what differs.
export const ROW = ":is(tr, li, .card)";
const OWN = ["hidden", "tabindex", "aria-busy", "data-changed"]; // what script does to a page stays
const KEPT = "[data-keep], output";
const SAID = "#done, #trouble"; // what was said to whoever acted stays until they act again
const MARKED = `${ROW}, details, .counters > div`;
const SHOWN = 3000; // milliseconds that a change is marked

export const link = (row) => row.querySelector("a[href]")?.pathname;
const kids = (node) => [...node.childNodes].filter((kid) => kid.nodeType === 1 || (kid.nodeType === 3 && kid.data.trim()));

function name(node) {
  if (node.nodeType === 3) return "";
  const said = node.getAttribute("id") || node.getAttribute("aria-labelledby") || node.getAttribute("action");
  return `${node.nodeName} ${said || (node.matches(ROW) && link(node)) || ""}`;
}

function altered(field) {
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  if (!field.matches("input:not([type=hidden]), textarea")) return false;
  return /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

export const filling = (form) =>
  form.hasAttribute("aria-busy") ||
  form.hasAttribute("data-again") ||
  [...form.elements].some((field) => altered(field) || (field === document.activeElement && field.type !== "submit"));

// `sent` is the form whose answer this is; without one the page has only looked again by itself. A form that was not
// taken stays, even where the fresh page has it no more: somebody has filled it in.
export function patch(page, fresh, sent, refused) {
  const changed = new Set();
  const mark = (node, whole) => changed.add(node.closest(MARKED) ?? whole);
  const held = (form) => form !== sent && form.nodeName === "FORM" && filling(form);
  const lost = (form) => held(form) || (refused && form === sent);
  const said = (node) => !sent && node.matches(SAID);
  const stays = (node) => node.nodeType === 1 && (said(node) || [node, ...node.querySelectorAll("form")].some(lost));

  function same(one, kid) {
    if (one.nodeType === 3) {
      if (one.data.trim() === kid.data.trim()) return;
      one.data = kid.data;
      mark(one.parentNode);
    } else if (!said(one) && !held(one) && (one === sent || !one.matches(KEPT))) {
      if (one.name !== "key" || one.form === sent) dress(one, kid); // a key that was not used yet stays
      fit(one, kid);
    }
  }

  function dress(one, kid) {
    for (const attribute of new Set([...one.getAttributeNames(), ...kid.getAttributeNames()])) {
      const value = kid.getAttribute(attribute);
      const own = OWN.includes(attribute) || (attribute === "open" && !(sent && value !== null));
      if (own || one.getAttribute(attribute) === value) continue;
      if (value === null) one.removeAttribute(attribute);
      else one.setAttribute(attribute, value);
      if (one.type !== "hidden") mark(one);
    }
  }

  function fit(into, from) {
    const wanted = kids(from), names = new Set(wanted.map(name)), left = [];
    for (const one of kids(into)) {
      if (names.has(name(one)) || stays(one)) left.push(one);
      else one.remove();
    }
    let last;
    for (const kid of wanted) {
      const n = left.findIndex((one) => name(one) === name(kid));
      const one = n < 0 ? document.importNode(kid, true) : left.splice(n, 1)[0];
      if (n < 0 || last?.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING) {
        const gap = one.nodeType === 1 ? [" "] : []; // none in what somebody reads as it stands: a text area
        if (last) last.after(...gap, one);
        else into.prepend(one, ...gap);
      }
      if (n < 0) mark(...(kid.nodeType === 1 ? [one, one] : [into]));
      else same(one, kid);
      last = one;
    }
    for (const one of left) if (!stays(one)) one.remove();
  }

  const focus = document.activeElement;
  same(page, fresh);
  if (focus !== document.activeElement && focus.isConnected) focus.focus({ preventScroll: true });
  changed.delete(undefined);
  for (const one of changed) {
    one.setAttribute("data-changed", "");
    setTimeout(() => one.removeAttribute("data-changed"), SHOWN);
  }
  document.dispatchEvent(new Event("patched"));
}
