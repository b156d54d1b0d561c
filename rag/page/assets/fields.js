// Gradio's calendar buttons have no name; a screen reader would say no more than "button".
const nameButtons = () => {
  for (const one of document.querySelectorAll("button.calendar:not([aria-label])")) {
    const label = one.closest(".block")?.querySelector("[data-testid=block-info], label, span")?.textContent.trim();
    one.setAttribute("aria-label", `Choose a day${label ? `: ${label}` : ""}`);
  }
};
nameButtons();
new MutationObserver(nameButtons).observe(document.body, { childList: true, subtree: true });
