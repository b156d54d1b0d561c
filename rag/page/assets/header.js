// The page is in English whatever the browser's language, in which Gradio would have it read; articles say theirs.
const speakEnglish = () => {
  if (document.documentElement.lang !== "en") document.documentElement.lang = "en";
};
speakEnglish();
new MutationObserver(speakEnglish).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

// A list of choices that scrolls is a stop of its own for Tab, on which the list closes and the focus is lost.
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Tab") return;
  for (const one of document.querySelectorAll("ul[role=listbox]")) one.tabIndex = -1;
}, true);
