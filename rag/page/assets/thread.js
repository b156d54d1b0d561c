// The conversation: turns clicks on its buttons into the event `open`, and keeps what the reader holds on
// to while an answer grows. It reads data attributes only; whatever they say is checked again on the server.
let turns = 0;
let brought = true; // whether the newest answer has brought its first source along
let picked = false; // whether the reader has opened something since asking
let held = null; // what has the focus, as far as it is in here
const folds = new Map(); // what the reader has opened and closed

const all = () => [...element.querySelectorAll(".turn")];
const turnOf = (one) => all().indexOf(one.closest(".turn"));
const first = (spans) => (spans ?? "").split(" ")[0];
const does = ({ copy, redo, ask, article }) => [copy, redo, ask, article];
const name = (one) => [turnOf(one), one.classList[0], ...does(one.dataset), first(one.dataset.spans)].join("\n");
const foldName = (one) => `${turnOf(one)}\n${one.className}`;

// What cannot be done while an answer is on its way.
const isBusy = () => document.querySelector("#question .stop-button") !== null;
let renewed = false; // whether the question box takes the focus when the conversation comes back empty

function act(button) {
  const { copy, redo, ask } = button.dataset;
  const turn = turnOf(button);
  if (copy !== undefined) trigger("copy", { turn, kind: copy });
  if (isBusy()) return;
  if (ask !== undefined) trigger("ask", { question: ask });
  if (redo === "again") trigger("again", { turn });
  if (redo === "edit") edit(turn, button.closest(".turn").querySelector(".asked").textContent);
}

// The dialog is no part of the conversation, which may come anew while the question is being edited.
function edit(turn, question) {
  document.dispatchEvent(new CustomEvent("onrecord:edit", { detail: { turn, question } }));
}
document.addEventListener("onrecord:edited", ({ detail }) => isBusy() || trigger("again", detail));

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  act(button);
  if (button.dataset.article === undefined) return;
  picked = true;
  document.dispatchEvent(new CustomEvent("onrecord:open", { detail: button }));
  trigger("open", { article: button.dataset.article, spans: button.dataset.spans ?? "" });
});

element.addEventListener("toggle", (event) => folds.set(foldName(event.target), event.target.open), true);
document.addEventListener("focusin", ({ target }) => {
  const one = element.contains(target) && target.closest("button, summary");
  held = one ? { turn: turnOf(one), name: name(one), article: one.dataset.article } : null;
});
document.addEventListener("pointerdown", ({ target }) => {
  if (!element.contains(target) || !target.closest("button, summary")) held = null;
});

// New HTML knows nothing of what the reader opened, and may put another card where the focus is.
function keep() {
  if (all().length < turns) folds.clear();
  for (const one of element.querySelectorAll("details")) {
    const open = folds.get(foldName(one));
    if (open !== undefined && open !== one.open) one.open = open;
  }
  const now = document.activeElement;
  if (!held || (now !== document.body && (!element.contains(now) || name(now) === held.name))) return;
  const places = [...(all()[held.turn]?.querySelectorAll("button, summary") ?? [])];
  const same = places.find((one) => name(one) === held.name);
  const near = places.find((one) => held.article && one.dataset.article === held.article);
  (same ?? near)?.focus({ preventScroll: true });
}

// An answer brings its first source along, unless the reader has opened another by then.
function bring(last) {
  const marker = last?.querySelector("button.marker");
  if (brought || !(marker || last?.querySelector(".abstained"))) return;
  brought = true;
  if (picked) return;
  if (marker) document.dispatchEvent(new CustomEvent("onrecord:bring", { detail: marker }));
  trigger("open", { article: marker?.dataset.article ?? "", spans: marker?.dataset.spans ?? "" });
}

// A button that goes away would take the focus with it; on a phone the keyboard would cover the page.
document.addEventListener("click", ({ target }) => {
  if (target.closest("#again") && !matchMedia("(pointer: coarse)").matches) renewed = true;
});

// Questions to go on with come later than the answer that they belong under, and perhaps too late.
function goOn() {
  const made = document.querySelector("#following [data-turns]");
  const last = all().at(-1);
  const place = last?.querySelector(".following");
  if (!made || !place || Number(made.dataset.turns) !== all().length) return;
  if (made.dataset.question !== last.querySelector(".asked").textContent) return;
  place.replaceChildren(...[...made.children].map((one) => one.cloneNode(true)));
}
document.addEventListener("onrecord:following", goOn);

watch("value", () => {
  goOn();
  keep();
  const now = all();
  const last = now[now.length - 1];
  const kept = element.querySelector(".kept"); // an answer that was asked for again in vain
  const asked = !kept && now.length > turns;
  if (asked) [brought, picked] = [false, false];
  // A new question goes to the top of the window, so that its answer is read from the beginning.
  if (asked && matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // puts the keyboard away
  if (now.length === 1 && turns === 0) window.scrollTo({ top: 0, behavior: "instant" });
  if (kept) kept.closest(".turn").scrollIntoView({ block: "start", behavior: "instant" });
  if (kept) brought = true;
  if (now.length > 1 && asked) last.scrollIntoView({ block: "start", behavior: "instant" });
  turns = now.length;
  if (renewed) document.querySelector("#question textarea").focus();
  renewed = false;
  bring(last);
  document.dispatchEvent(new CustomEvent("onrecord:thread"));
});

// Escape stops an answer, unless it has something else to close.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.body.classList.contains("source-open") && matchMedia("(max-width: 899px)").matches) return;
  if (!event.target.closest("#filters")) document.querySelector("#question .stop-button")?.click();
});

// A slash puts the cursor in the question box, unless it is being typed somewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable=true]")) return;
  const box = document.querySelector("#question textarea");
  if (document.body.classList.contains("source-open") && matchMedia("(max-width: 899px)").matches) return;
  event.preventDefault();
  if (!box.offsetParent) document.querySelector("#left [role=tab]").click();
  requestAnimationFrame(() => box.focus());
});

// The button stays until the work has ended, and shows meanwhile that it was heard.
document.addEventListener("click", (event) => {
  event.target.closest("#question .stop-button")?.classList.add("stopping");
});
