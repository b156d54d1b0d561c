// The source panel: shows the article that the server sends and scrolls to the cited words, from one cited
// place to the next, and back to what was read before. On a narrow window the panel is a sheet over the page.
// Escape, the back button and the button at its top leave it and return the focus to where it was.
let opener = null;
let wanted; // what it opens
let first; // the span that the article was opened at
let shown = null; // what is being read: article, spans, opener, how far it and the page are scrolled
let returning = null; // what was read before and is on its way back
const trail = []; // what was read before, newest last

const body = document.body;
const part = (name) => element.querySelector(`.${name}`);
const scroller = () => part("scroll");
const place = (one) => one && `${one.dataset.article}\n${(one.dataset.spans ?? "").split(" ")[0]}`;
const isSheet = () => matchMedia("(max-width: 899px)").matches;

function mark() {
  document.querySelectorAll("button.chosen").forEach((one) => one.classList.remove("chosen"));
  opener?.classList.add("chosen");
}

// --- from one cited place to the next ---

const marks = () => [...element.querySelectorAll("mark")];
const spans = () => [...new Set(marks().map((one) => one.dataset.span))];
const current = () => element.querySelector("mark.focus")?.dataset.span;

function count() {
  const all = spans();
  part("jump").textContent = all.length > 1 ? `${all.indexOf(current()) + 1} of ${all.length}` : "Show the cited words";
  part("previous").hidden = part("next").hidden = all.length < 2;
  part("back").hidden = trail.length === 0;
}

function light(span) {
  for (const one of marks()) one.classList.toggle("focus", one.dataset.span === span);
  count();
}

function reveal() {
  const box = scroller();
  if (!box) return;
  const focus = box.querySelector("mark.focus");
  box.scrollTop = 0;
  if (!focus) return;
  const above = focus.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop = Math.max(0, above - box.clientHeight / 3);
}

function step(by) {
  const all = spans();
  if (all.length < 2) return;
  light(all[(all.indexOf(current()) + by + all.length) % all.length]);
  reveal();
}

// --- opening and leaving ---

function close() {
  if (!body.classList.contains("source-open")) return;
  body.classList.remove("source-open");
  opener?.focus({ preventScroll: true });
}

const dismiss = () => (history.state?.source ? history.back() : close());

document.addEventListener("onrecord:open", (event) => {
  if (shown) shown.page = scrollY;
  opener = event.detail;
  wanted = place(opener);
  if (isSheet() && !body.classList.contains("source-open")) history.pushState({ source: true }, "");
  body.classList.add("source-open");
  mark();
  if (place(opener) === place(part("article"))) {
    light(first); // the server will send no change
    reveal();
  }
  if (isSheet()) part("close")?.focus({ preventScroll: true });
});

// An answer that grew may have put another button where the one was that opened the article.
function follow() {
  if (!opener?.isConnected || place(opener) !== wanted) {
    const buttons = document.querySelectorAll("#thread .turn:last-child :is(button.marker, .card)");
    opener = [...buttons].find((one) => place(one) === wanted) ?? null;
  }
  mark();
}

// The bar says what is being read, however far one has scrolled.
function name() {
  const parts = [...element.querySelectorAll(".article .place > span, .article h2")];
  // Each part by itself: beside words that run from right to left, a day would change places.
  const told = parts.map((one) => Object.assign(document.createElement("bdi"), { textContent: one.textContent }));
  part("label").replaceChildren(...(told.length ? told.flatMap((one, at) => (at ? [" · ", one] : [one])) : ["Source"]));
}

// What was read goes on the trail when another article takes its place, unless that is on its way back.
function remember(article) {
  if (!article && !document.querySelector("#thread .turn")) trail.length = 0; // a new conversation
  else if (shown && !returning && shown.article !== article?.dataset.article) trail.push(shown);
  const { article: id, spans: lit } = article?.dataset ?? {};
  shown = article && { article: id, spans: lit, top: 0, page: scrollY, opener };
}

function goBack() {
  returning = trail.pop();
  if (returning) trigger("open", { article: returning.article, spans: returning.spans });
}

watch("value", () => {
  const article = part("article");
  remember(article);
  name();
  first = current();
  count();
  wanted = place(article);
  reveal();
  if (returning) {
    opener = returning.opener;
    scroller().scrollTop = returning.top;
    scrollTo({ top: returning.page, behavior: "instant" });
    scroller().focus({ preventScroll: true });
    returning = null;
  }
  requestAnimationFrame(follow);
});

element.addEventListener("scroll", ({ target }) => shown && target === scroller() && (shown.top = target.scrollTop), true);
document.addEventListener("onrecord:thread", follow);
document.addEventListener("onrecord:bring", (event) => {
  opener = event.detail;
  wanted = place(opener);
  mark();
});

element.addEventListener("click", ({ target }) => {
  if (target.closest(".close")) dismiss();
  if (target.closest(".jump")) reveal();
  if (target.closest(".previous")) step(-1);
  if (target.closest(".next")) step(1);
  if (target.closest(".back")) goBack();
});

const KEYS = { ArrowLeft: -1, p: -1, ArrowRight: 1, n: 1 };
element.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key in KEYS) step(KEYS[event.key]);
  else if (event.key === "Escape" && !isSheet()) (opener ?? document.querySelector("#question textarea")).focus();
  else return;
  event.preventDefault(); // neither scrolls sideways nor stops an answer
});
// Beside the answer the arrows also step from the marker or headline that opened the article.
document.addEventListener("keydown", (event) => {
  if (event.target !== opener || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  step(KEYS[event.key]);
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (body.classList.contains("source-open") && isSheet()) dismiss();
});
addEventListener("popstate", close);
