// The page is in English whatever the browser's language, in which Gradio would have it read; articles say theirs.
const speakEnglish = () => {
  if (document.documentElement.lang !== "en") document.documentElement.lang = "en";
};
speakEnglish();
new MutationObserver(speakEnglish).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });

// A list of choices that scrolls is a stop of its own for Tab, on which the list closes and the focus is lost. It
// has to be passed over before the key is pressed: Gradio makes a list when its field gets the focus.
const passLists = () => {
  for (const one of document.querySelectorAll("ul[role=listbox]:not([tabindex])")) one.tabIndex = -1;
};
new MutationObserver(passLists).observe(document.getElementById("left"), { childList: true, subtree: true });
