// Black boxes over a photo: drawn by pointer or touch, moved by the numbers beside it. Only the numbers are sent.

const SIDES = ["left", "top", "width", "height"];
const NEW = [40, 40, 20, 20], SMALLEST = 0.5;
const room = document.querySelector(".darkroom"), paper = room.querySelector("svg"), boxes = document.querySelector(".boxes");
const blank = boxes.querySelector("fieldset.blackout"), add = document.getElementById("add-box"), nothing = document.querySelector("[name=nothing]");
const fieldsOf = (box) => SIDES.map((side) => box.querySelector(`[name=${side}]`));
const all = () => [...boxes.querySelectorAll("fieldset.blackout")];
const model = blank.cloneNode(true);
for (const field of fieldsOf(model)) field.removeAttribute("value");

function drawn(box) {
  const [x, y, width, height] = fieldsOf(box).map((field) => Number.parseFloat(field.value));
  return width > 0 && height > 0 && x >= 0 && y >= 0 ? { x, y, width, height } : null;
}

function draw() {
  paper.replaceChildren();
  for (const box of all()) {
    const place = drawn(box);
    if (!place) continue;
    const shape = document.createElementNS(paper.namespaceURI, "rect");
    for (const [name, value] of Object.entries(place)) shape.setAttribute(name, value);
    shape.classList.toggle("chosen", box.contains(document.activeElement));
    paper.append(shape);
  }
  paper.setAttribute("aria-label", `${paper.getAttribute("aria-label").replace(/: \d+$/, "")}: ${paper.childElementCount}`);
  add.disabled = all().length >= Number(boxes.dataset.most);
  if (paper.childElementCount) nothing.checked = false;
}

function number() {
  all().forEach((box, n) => { box.querySelector("legend").textContent = boxes.dataset.legend.replace("#", n + 1); });
}

function made(place) {
  if (all().length >= Number(boxes.dataset.most)) return null;
  const box = model.cloneNode(true), gone = box.querySelector("button");
  fieldsOf(box).forEach((field, n) => { field.value = place[n]; });
  gone.hidden = false;
  gone.addEventListener("click", () => {
    const next = box.nextElementSibling ?? box.previousElementSibling;
    box.remove();
    number();
    draw();
    (next ? fieldsOf(next)[0] : add).focus();
  });
  boxes.append(box);
  number();
  draw();
  return box;
}

// --- by pointer

const rounded = (n) => Math.round(n * 10) / 10;
const within = (n) => Math.min(100, Math.max(0, n));

function at(event) {
  const { left, top, width, height } = paper.getBoundingClientRect();
  return [within(((event.clientX - left) / width) * 100), within(((event.clientY - top) / height) * 100)];
}

function between([x, y], [toX, toY]) {
  const left = rounded(Math.min(x, toX)), top = rounded(Math.min(y, toY));
  return [left, top, rounded(Math.min(100 - left, Math.abs(toX - x))), rounded(Math.min(100 - top, Math.abs(toY - y)))];
}

paper.addEventListener("pointerdown", (event) => {
  if (event.button || !event.isPrimary) return;
  event.preventDefault();
  const from = at(event);
  let box = null;
  paper.setPointerCapture(event.pointerId);
  const move = (moved) => {
    const place = between(from, at(moved));
    if (place[2] < SMALLEST || place[3] < SMALLEST) return;
    box ??= made(place);
    if (box) fieldsOf(box).forEach((field, n) => { field.value = place[n]; });
    draw();
  };
  const end = () => {
    paper.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) paper.removeEventListener(name, end);
  };
  paper.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) paper.addEventListener(name, end);
});

// --- by keyboard

add.addEventListener("click", () => {
  const box = made(NEW);
  if (box) fieldsOf(box)[0].focus();
});
boxes.addEventListener("input", draw);
for (const name of ["focusin", "focusout"]) boxes.addEventListener(name, () => queueMicrotask(draw));
nothing.addEventListener("change", () => {
  if (!nothing.checked) return;
  for (const box of all()) box.remove();
  draw();
});

// --- what was there before script came

const before = all().map((box) => fieldsOf(box).map((field) => field.value)).filter((values) => values.some(Boolean));
boxes.replaceChildren();
for (const values of before) made(values);
add.hidden = false;
document.getElementById("show-boxes").hidden = true;
room.classList.add("drawing");
draw();
