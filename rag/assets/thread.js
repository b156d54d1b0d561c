// The conversation: turns clicks on its buttons into the events `ask` and `open`.
// It reads data attributes only; whatever they say is checked again on the server.
let turns = 0;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask) trigger("ask", { question: button.dataset.ask });
  if (button.dataset.article === undefined) return;
  document.dispatchEvent(new CustomEvent("onrecord:open", { detail: button }));
  trigger("open", { article: button.dataset.article, spans: button.dataset.spans ?? "" });
});

// A new question goes to the top of the window, so that its answer is read from the beginning.
watch("value", () => {
  const all = element.querySelectorAll(".turn");
  const asked = all.length > turns;
  if (asked && matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // puts the keyboard away
  if (all.length === 1 && turns === 0) window.scrollTo({ top: 0, behavior: "instant" });
  if (all.length > 1 && asked) all[all.length - 1].scrollIntoView({ block: "start", behavior: "instant" });
  turns = all.length;
});
