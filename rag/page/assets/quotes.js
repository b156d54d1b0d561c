// The statements: turns clicks on their buttons into the events `open`, `more`, `choose` and `save`.
// It reads data attributes only; whatever they say is checked again on the server.
let next = null; // the place of the statement that takes the focus from a button that goes

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { article, spans, more, speaker, save } = button.dataset;
  if (more !== undefined) {
    next = Number(more);
    button.disabled = true;
    trigger("more", { more });
  }
  if (speaker !== undefined) {
    next = 0;
    trigger("choose", { speaker });
  }
  if (save !== undefined) trigger("save", { kind: save });
  if (article === undefined) return;
  document.dispatchEvent(new CustomEvent("onrecord:open", { detail: button }));
  trigger("open", { article, spans: spans ?? "" });
});

watch("value", () => {
  if (next !== null) element.querySelectorAll(".statements .card")[next]?.focus({ preventScroll: true });
  next = null;
});

// Gradio's list of names would open again over the page when Tab leaves its field, or when names come late.
const leave = (event) => event.key === "Tab" && event.target.closest?.("#speaker") && event.stopPropagation();
addEventListener("keydown", leave, true);
const field = document.querySelector("#speaker");
const shut = () => {
  const left = !field.contains(document.activeElement) && field.querySelector("[role=listbox]");
  if (left) field.querySelector("input").dispatchEvent(new FocusEvent("blur"));
};
if (field) new MutationObserver(shut).observe(field, { childList: true, subtree: true });
