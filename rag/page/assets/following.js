// Questions to go on with, which the server finds after an answer was shown; the conversation takes them over.
watch("value", () => document.dispatchEvent(new CustomEvent("onrecord:following")));
