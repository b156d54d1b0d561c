// Questions to begin with: turns clicks on them into the event `ask`.
element.addEventListener("click", (event) => {
  const question = event.target.closest("button")?.dataset.ask;
  if (question) trigger("ask", { question });
});
