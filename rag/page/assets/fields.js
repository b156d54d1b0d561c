// Gradio's calendar buttons have no name; a screen reader would say no more than "button".
const nameButtons = () => {
  for (const one of document.querySelectorAll("button.calendar:not([aria-label])")) {
    const label = one.closest(".block")?.querySelector("[data-testid=block-info], label, span")?.textContent.trim();
    one.setAttribute("aria-label", `Choose a day${label ? `: ${label}` : ""}`);
  }
};
// A list of choices that scrolls is a stop of its own for Tab, on which the list closes and the focus is lost.
const passLists = () => {
  for (const one of document.querySelectorAll("ul[role=listbox]:not([tabindex])")) one.tabIndex = -1;
};
// The page is in English whatever the browser's language, which Gradio would have it read in; articles say theirs.
const mend = () => {
  document.documentElement.lang = "en";
  nameButtons();
  passLists();
};
mend();
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
