// Photos that were chosen: drawn smaller on the phone, shown, and taken out again.

export const MOST = 5;
const LONGEST_SIDE = 2048, QUALITY = 0.85;

// What this browser cannot draw is sent as it is: the other side says what is wrong with it.
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY))) ?? file;
  } catch {
    return file;
  }
}

export function album(input, list, said, { photoN, photoRemove, photoMost }) {
  let chosen = [], ready = Promise.resolve();

  function shown(blob, n) {
    const item = document.createElement("li"), picture = new Image(), gone = document.createElement("button");
    picture.src = URL.createObjectURL(blob);
    picture.onload = picture.onerror = () => URL.revokeObjectURL(picture.src);
    picture.alt = photoN.replace("#", n + 1);
    Object.assign(gone, { type: "button", className: "button plain", textContent: "×" });
    gone.setAttribute("aria-label", photoRemove.replace("#", n + 1));
    gone.addEventListener("click", () => {
      set(chosen.filter((one) => one !== blob));
      (list.querySelectorAll("button")[Math.min(n, chosen.length - 1)] ?? input).focus();
    });
    item.append(picture, gone);
    return item;
  }

  function set(blobs) {
    chosen = blobs.slice(0, MOST);
    said.textContent = blobs.length > MOST ? photoMost : "";
    list.replaceChildren(...chosen.map(shown));
  }

  async function add(files) {
    const drawn = [];
    for (const file of files) drawn.push(await smaller(file));
    set([...chosen, ...drawn]);
  }

  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    ready = ready.then(() => add(files));
  });
  return { set, chosen: () => ready.then(() => chosen) };
}
