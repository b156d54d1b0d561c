// Puts what the server sends on the clipboard, formatted words beside plain ones where there are any, and says so.
const SHOWN_MS = 4_000;
const note = () => element.querySelector(".note");
let timer = 0;

function say(text) {
  clearTimeout(timer);
  note().textContent = text;
  timer = setTimeout(() => (note().textContent = ""), SHOWN_MS);
}

// Where the page is not served securely the browser has no clipboard to write to, but still copies on command.
function onCommand({ text, html }) {
  const give = (event) => {
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
    event.preventDefault();
  };
  document.addEventListener("copy", give, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", give);
  if (!done) throw new Error("not allowed");
}

async function write({ text, html }) {
  const kinds = { "text/plain": text, ...(html ? { "text/html": html } : {}) };
  const item = Object.entries(kinds).map(([kind, words]) => [kind, new Blob([words], { type: kind })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(item))]);
}

watch("value", async () => {
  const taken = props.value;
  if (!taken?.text) return;
  props.value = null; // so that the same answer can be copied again
  try {
    await write(taken).catch(() => onCommand(taken));
    say("Copied");
  } catch {
    say("The browser does not let the page copy: select the words and copy them");
  }
});
