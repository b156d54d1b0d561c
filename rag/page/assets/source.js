// The source panel: shows the article that the server sends and scrolls to the cited words.
// On a narrow window the panel is a sheet over the page; Escape, the back button and the
// button at its top close it and return the focus to where it was.
let opener = null;
let wanted; // what it opens

const body = document.body;
const scroller = () => element.querySelector(".scroll");
const place = (one) => one && `${one.dataset.article}\n${(one.dataset.spans ?? "").split(" ")[0]}`;
const isSheet = () => matchMedia("(max-width: 899px)").matches;

function mark() {
  document.querySelectorAll("button.chosen").forEach((one) => one.classList.remove("chosen"));
  opener?.classList.add("chosen");
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

function close() {
  if (!body.classList.contains("source-open")) return;
  body.classList.remove("source-open");
  opener?.focus({ preventScroll: true });
}

document.addEventListener("onrecord:open", (event) => {
  opener = event.detail;
  wanted = place(opener);
  if (isSheet() && !body.classList.contains("source-open")) history.pushState({ source: true }, "");
  body.classList.add("source-open");
  mark();
  if (place(opener) === place(element.querySelector(".article"))) reveal(); // the server will send no change
  if (isSheet()) element.querySelector(".close")?.focus({ preventScroll: true });
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
  element.querySelector(".label").textContent = parts.map((one) => one.textContent).join(" · ") || "Source";
}

watch("value", () => {
  name();
  reveal();
  wanted = place(element.querySelector(".article"));
  requestAnimationFrame(follow);
});

document.addEventListener("onrecord:thread", follow);
document.addEventListener("onrecord:bring", (event) => {
  opener = event.detail;
  wanted = place(opener);
  mark();
});

const dismiss = () => (history.state?.source ? history.back() : close());

element.addEventListener("click", (event) => {
  if (event.target.closest(".close")) dismiss();
  if (event.target.closest(".jump")) reveal();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && body.classList.contains("source-open") && isSheet()) dismiss();
});
addEventListener("popstate", close);
