// What is new: counted in the tab's title while nobody looks, and heard, where somebody wants to.
import { ROW, link } from "./patch.js";

const KEY = "whistle sound";
const said = document.getElementById("news"), button = document.getElementById("sound");
const title = document.title;
const cases = (rows) => new Set([...document.querySelectorAll(`main section${rows} ${ROW}`)].map(link).filter((path) => path?.startsWith("/cases/")));
let seen = cases(""), called = cases("[data-whistle]");

// After the page has looked again.
export function news() {
  const now = cases(""), calls = cases("[data-whistle]");
  const count = [...now].filter((one) => !seen.has(one)).length;
  if (count) said.textContent = said.dataset.said.replace("{n}", count);
  if (button && localStorage.getItem(KEY) && [...calls].some((one) => !called.has(one))) ring();
  called = calls;
  if (document.hidden) document.title = count ? `(${count}) ${title}` : title;
  else quiet();
}

// What is on the page has been seen.
export function quiet() {
  [seen, called] = [cases(""), cases("[data-whistle]")];
  document.title = title;
}

// One tab rings for all; a browser lets none ring before somebody has touched it.
function ring() {
  if (navigator.userActivation?.hasBeenActive) navigator.locks?.request("ring", { ifAvailable: true }, (lock) => lock && whistle());
}

function whistle() {
  const audio = new AudioContext(), tone = audio.createOscillator(), volume = audio.createGain();
  tone.frequency.setValueCurveAtTime([1900, 2300, 2300, 1900], audio.currentTime, 0.5);
  volume.gain.setValueCurveAtTime([0, 0.2, 0.2, 0], audio.currentTime, 0.5);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  return new Promise((resolve) => (tone.onended = () => resolve(audio.close())));
}

function show() {
  button.textContent = localStorage.getItem(KEY) ? button.dataset.on : button.dataset.off;
}

document.addEventListener("visibilitychange", () => document.hidden || quiet());
if (button && document.querySelector("[data-whistle]")) {
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    if (localStorage.getItem(KEY)) localStorage.removeItem(KEY);
    else {
      localStorage.setItem(KEY, "on");
      ring(); // so that they know what it sounds like
    }
    show();
  });
}
