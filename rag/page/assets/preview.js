// The preview of a marker: what it cites, shown beside it while the pointer or the focus is on it.
// Everything shown is text from data attributes. Escape closes it; it stays while the pointer is on it.
const card = element.querySelector(".preview");
const OPENS_MS = 150;
const CLOSES_MS = 200;
const GAP = 8;
let of = null; // the marker whose source is shown
let timer = 0;

const markerAt = (target) => target.closest?.("#thread button.marker[data-words]");

function hide() {
  clearTimeout(timer);
  of?.removeAttribute("aria-describedby");
  of = null;
  card.hidden = true;
}

function put() {
  const at = of.getBoundingClientRect();
  const { offsetWidth: wide, offsetHeight: high } = card;
  const below = at.bottom + GAP + high <= innerHeight || at.top < high + GAP;
  card.style.top = `${below ? at.bottom + GAP : at.top - GAP - high}px`;
  const column = document.querySelector("#thread").getBoundingClientRect();
  card.style.left = `${Math.max(GAP, Math.min(at.left, column.right - wide))}px`;
}

function show(marker) {
  clearTimeout(timer);
  if (marker === of) return;
  hide();
  of = marker;
  const { place, headline, words } = marker.dataset;
  for (const [name, text] of Object.entries({ place, headline, words })) {
    card.querySelector(`.${name}`).textContent = text;
  }
  card.hidden = false;
  marker.setAttribute("aria-describedby", card.id);
  put();
}

function later(what, wait) {
  clearTimeout(timer);
  timer = setTimeout(what, wait);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const marker = markerAt(event.target);
  if (marker) later(() => marker.isConnected && show(marker), OPENS_MS);
  else if (card.contains(event.target)) clearTimeout(timer);
  else if (of && of !== document.activeElement) later(hide, CLOSES_MS);
  else clearTimeout(timer);
});
document.addEventListener("focusin", ({ target }) => {
  const marker = markerAt(target);
  if (marker?.matches(":focus-visible")) show(marker);
  else hide();
});
document.addEventListener("focusout", ({ target }) => target === of && hide());
document.addEventListener("onrecord:open", hide);
// An answer that grew has put another button there.
document.addEventListener("onrecord:thread", () => of && !of.isConnected && hide());
addEventListener("scroll", () => of && hide(), true);
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    event.preventDefault(); // nothing else is closed or stopped by it
    hide();
  },
  true,
);
