// Questions to go on with, looked for when an answer has ended; the conversation takes over what is found.
document.addEventListener("onrecord:ended", () => trigger("look"));
watch("value", () => document.dispatchEvent(new CustomEvent("onrecord:following")));
