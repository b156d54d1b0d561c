// The list of articles: turns clicks on its buttons into the events `open`, `turn` and `drop`.
// It reads data attributes only; whatever they say is checked again on the server.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { article, page, remove } = button.dataset;
  if (page !== undefined) trigger("turn", { page });
  if (remove !== undefined) trigger("drop", { article: remove });
  if (article === undefined) return;
  document.dispatchEvent(new CustomEvent("onrecord:open", { detail: button }));
  trigger("open", { article, spans: "" });
});
