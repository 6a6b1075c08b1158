// The time slider: says the moment while it moves, and fetches the page as it stood; without this it is a plain form.
const form = document.getElementById("slider");
if (form) {
  const range = form.querySelector("input[type=range]");
  const said = form.querySelector("output");
  const stops = form.querySelectorAll("datalist option");
  const words = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: form.dataset.zone });
  let waiting;
  let asked = 0;

  const show = async () => {
    const mine = ++asked;
    const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [fresh, stood] = [page, document].map((one) => one.getElementById("stood"));
    if (!fresh || !stood || mine !== asked) return;
    stood.replaceWith(document.adoptNode(fresh));
    history.replaceState(null, "", answer.url);
  };

  range.addEventListener("input", () => {
    said.textContent = stops[range.value - 1]?.label ?? words.format(range.value * 1000);
    clearTimeout(waiting);
    if (document.getElementById("stood")) waiting = setTimeout(show, 150);
  });
}
