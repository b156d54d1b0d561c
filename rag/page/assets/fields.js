// Gradio's calendar buttons have no name; a screen reader would say no more than "button". They come after
// this element, when the part that it stands in is opened.
const part = element.closest("#filters, #quote-filters, #settings");
const nameButtons = () => {
  for (const one of part.querySelectorAll("button.calendar:not([aria-label])")) {
    const label = one.closest(".block")?.querySelector("[data-testid=block-info], label, span")?.textContent.trim();
    one.setAttribute("aria-label", `Choose a day${label ? `: ${label}` : ""}`);
  }
};
nameButtons();
new MutationObserver(nameButtons).observe(part, { childList: true, subtree: true });
