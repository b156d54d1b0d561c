// Conversations and feedback: keeps in this tab which conversation it is in, and turns clicks on the buttons
// of the list and under answers into the events `enter`, `drop`, `retitle`, `judge` and `save`.
// It reads data attributes only; whatever they say is checked again on the server.
const KEY = "onrecord-conversation";
const why = element.querySelector("dialog.why");
const naming = element.querySelector("dialog.name");
const editing = element.querySelector("dialog.edit");
let about = null; // the turn or the conversation that a dialog is about

// Another tab may be in another conversation, so this is no matter of the whole browser.
watch("value", () => sessionStorage.setItem(KEY, JSON.stringify(props.value ?? null)));

function judge(button) {
  const turn = [...document.querySelectorAll("#thread .turn")].indexOf(button.closest(".turn"));
  const { verdict, reason, note } = button.dataset;
  const pressed = button.getAttribute("aria-pressed") === "true";
  if (verdict === "up") return trigger("judge", { turn, verdict: pressed ? "" : verdict });
  about = turn;
  for (const one of why.querySelectorAll("input")) one.checked = one.value === reason;
  why.querySelector("textarea").value = note ?? "";
  why.querySelector(".withdraw").hidden = !pressed;
  why.showModal();
}

function rename(button) {
  about = button.dataset.rename;
  naming.querySelector("input").value = button.dataset.title;
  naming.showModal();
  naming.querySelector("input").select();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#thread button, #kept button");
  if (!button) return;
  const { verdict, open, rename: renamed, save, talk, delete: dropped } = button.dataset;
  if (verdict !== undefined) judge(button);
  if (open !== undefined) trigger("enter", { key: open });
  if (renamed !== undefined) rename(button);
  if (save !== undefined) trigger("save", { kind: save, key: talk ?? "" });
  if (dropped !== undefined) trigger("drop", { key: dropped });
});

// Escape closes a dialog and nothing else: it does not stop an answer that is being written.
element.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());

why.addEventListener("close", () => {
  const chosen = why.querySelector("input:checked")?.value ?? "other";
  const note = why.querySelector("textarea").value;
  if (why.returnValue === "tell") trigger("judge", { turn: about, verdict: "down", reason: chosen, note });
  if (why.returnValue === "withdraw") trigger("judge", { turn: about, verdict: "" });
  why.returnValue = "";
});

document.addEventListener("onrecord:edit", ({ detail }) => {
  about = detail.turn;
  editing.querySelector("textarea").value = detail.question;
  editing.showModal();
  editing.querySelector("textarea").select();
});

editing.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  editing.querySelector(".tell").click();
});

editing.addEventListener("close", () => {
  const question = editing.querySelector("textarea").value.trim();
  const detail = { turn: about, question };
  if (editing.returnValue === "tell" && question) document.dispatchEvent(new CustomEvent("onrecord:edited", { detail }));
  editing.returnValue = "";
});

naming.addEventListener("close", () => {
  if (naming.returnValue === "tell") trigger("retitle", { key: about, title: naming.querySelector("input").value });
  naming.returnValue = "";
});
