// The library: turns clicks on buttons into the events `open`, `turn`, `drop`, `unfollow` and `rebuild`.
// It reads data attributes only; whatever they say is checked again on the server.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { article, page, remove, unfollow, rebuild } = button.dataset;
  if (page !== undefined) trigger("turn", { page });
  if (remove !== undefined) trigger("drop", { article: remove });
  if (unfollow !== undefined) trigger("unfollow", { url: unfollow });
  if (rebuild !== undefined) {
    button.disabled = true;
    trigger("rebuild");
  }
  if (article === undefined) return;
  document.dispatchEvent(new CustomEvent("onrecord:open", { detail: button }));
  trigger("open", { article, spans: "" });
});
