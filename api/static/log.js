// The form that logs a case: search instead of a long list, the place by where one stands, what is near, and kept before it is sent.

import { searchable } from "./choosing.js";
import { box } from "./kept.js";
import { able, drain, hear, keep, kept } from "./outbox.js";
import { album } from "./photos.js";

const form = document.getElementById("log");
const at = (name) => document.getElementById(`log-${name}`);

function starts() {
  const words = form.dataset, { category, place, about } = form.elements;
  const chooser = searchable(category, {
    hint: words.categoryHint, none: words.categoryNone, choose: words.categoryChoose, recent: words.recent,
    memory: `whistle-recent-${box.dataset.user}`,
  });
  at("photo").classList.add("sr");
  at("photo-take").hidden = false;
  const photos = album(at("photo"), at("photos"), at("photo-said"), words);
  const said = at("said");
  let instead = "", waits = "";

  // --- where

  const beyond = () => place.selectedOptions[0]?.hasAttribute("data-beyond");

  function placed(code, name) {
    const option = [...place.options].find((one) => one.value === code);
    if (option) place.value = code;
    return (option ? words.positionFound : words.positionBeyond).replace("#", name);
  }

  async function located({ coords }) {
    const answer = await fetch(words.place, { method: "POST", body: new URLSearchParams({ lat: coords.latitude, lon: coords.longitude }), headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error("no place");
    const { code, name } = await answer.json();
    at("place-said").textContent = code ? placed(code, name) : words.positionFailed;
    near();
  }

  function lost() {
    at("place-said").textContent = words.positionFailed;
  }

  if (at("position") && navigator.geolocation) {
    at("position").hidden = false;
    at("position").addEventListener("click", () => {
      at("place-said").textContent = words.positionAsking;
      navigator.geolocation.getCurrentPosition((found) => located(found).catch(lost), lost, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
    });
  }

  about.addEventListener("change", () => {
    const thing = [...about.list.options].find((one) => one.value === about.value);
    if (thing && [...place.options].some((one) => one.value === thing.dataset.place)) place.value = thing.dataset.place;
  });

  // --- what is near

  let asked;

  async function near() {
    asked?.abort();
    at("photo-said").textContent = beyond() ? words.beyondHint : "";
    at("near").replaceChildren();
    if (!category.value || !place.value || beyond() || !navigator.onLine) return;
    asked = new AbortController();
    const where = new URL(words.near, location);
    for (const field of [category, place, about]) where.searchParams.set(field.name, field.value);
    const answer = await fetch(where, { signal: asked.signal });
    if (answer.ok && !answer.redirected) at("near").innerHTML = await answer.text();
  }

  for (const field of [category, place, about]) field.addEventListener("change", () => near().catch(() => {}));

  // --- kept, then sent

  const label = () => [category, place].map((one) => one.selectedOptions[0].text).join(" · ");
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !["key", "case", "seen_near"].includes(name));

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    if (text) said.focus();
  }

  function empty() {
    asked?.abort();
    form.reset();
    photos.set([]);
    instead = "";
    waits = "";
    at("near").replaceChildren();
    at("place-said").textContent = "";
    chooser.renew();
  }

  async function keepsIt() {
    const blobs = await photos.chosen();
    if (blobs.length && beyond()) return say(words.beyondHint);
    const row = await keep({ fields: fields(), photos: blobs, label: label(), instead }).catch(plainly);
    if (!row) return;
    chooser.remember();
    empty();
    say(words.saved);
    waits = row.id;
    drain(true);
  }

  // What was said of the last one holds until it has arrived, or was refused.
  hear(async ({ delivered }) => {
    if (!waits) return;
    if (delivered?.id === waits) said.textContent = words.sent;
    else said.hidden ||= (await kept()).mine.some((row) => row.id === waits && row.state === "refused");
  });

  // The next try goes as it would without script, with the photos that were chosen.
  async function plainly() {
    const files = new DataTransfer();
    (await photos.chosen()).forEach((blob, n) => files.items.add(new File([blob], `${n}.jpg`, { type: blob.type })));
    at("photo").files = files.files;
    at("near").append(Object.assign(document.createElement("input"), { type: "hidden", name: "seen_near", value: "yes" }));
    form.dataset.plain = "yes";
    say(words.failed);
  }

  form.addEventListener("submit", (event) => {
    if (form.dataset.plain) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button:not([type])");
    button.disabled = true;
    keepsIt().finally(() => (button.disabled = false));
  });

  // --- a refused one is changed and sent again

  async function edit() {
    const id = location.hash.startsWith("#edit-") ? location.hash.slice(6) : "";
    const row = id && (await kept()).mine.find((one) => one.id === id);
    if (!row) return;
    for (const [name, value] of row.fields) if (form.elements[name]) form.elements[name].value = value;
    for (const more of form.querySelectorAll("details")) more.open = [...more.querySelectorAll("input, textarea")].some((one) => one.value);
    photos.set(row.photos.map((one) => one.blob));
    instead = row.id;
    chooser.renew();
    say(`${words.editing} ${row.reason}`);
    history.replaceState(null, "", location.pathname + location.search);
    near().catch(() => {});
  }

  addEventListener("hashchange", edit);
  edit();
}

if (able && box && form) starts();
