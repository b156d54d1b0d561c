// Looks every few seconds whether the server still answers. While it does not, a bar says so; once it is back,
// started anew, the page is loaded anew. What was typed, and what was asked without an answer, outlives that.
const EVERY_MS = 3_000;
const AGAIN_MS = 1_500;
const PATIENCE_MS = 10_000;
const KEY = "onrecord-typed";
const SAID =
  "The server does not answer. What you asked and typed is still here, and the page goes on by itself as soon " +
  "as the server is back.";
const bar = element.querySelector(".server");
const { root, api_prefix: prefix = "", app_id: own } = window.gradio_config;
const box = () => document.querySelector("#question textarea");
let late = 0; // how often in a row it was only slow, as it is under a heavy load

async function answering() {
  try {
    const told = await fetch(`${root}${prefix}/app_id`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    late = 0;
    return told.ok ? (await told.json()).app_id : null;
  } catch (error) {
    late = error.name === "TimeoutError" ? late + 1 : 2;
    return late < 2 ? own : null;
  }
}

async function look() {
  const id = document.hidden ? own : await answering();
  const gone = id === null;
  if (gone !== (bar.textContent !== "")) bar.textContent = gone ? SAID : "";
  if (!gone && id !== own) location.reload();
  else setTimeout(look, gone ? AGAIN_MS : EVERY_MS);
}
setTimeout(look, EVERY_MS);

// --- what was typed and asked ---

addEventListener("pagehide", () => {
  const busy = document.querySelector("#question .stop-button");
  const asked = busy && document.querySelector("#thread .turn:last-child .asked")?.textContent;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ typed: box()?.value ?? "", asked: asked ?? "" }));
  } catch {
    // a browser that keeps nothing
  }
});

function type(words) {
  if (!words || box().value) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), words);
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

// What was asked is in the conversation where the server could still keep it.
function recall({ typed, asked }) {
  const there = () => (box() ? type(String(typed ?? "")) : requestAnimationFrame(there));
  const arrived = () => {
    const last = document.querySelector("#thread .turn:last-child .asked")?.textContent;
    if (last !== asked) type(String(asked ?? ""));
  };
  there();
  document.addEventListener("onrecord:thread", arrived, { once: true });
}

try {
  recall(JSON.parse(sessionStorage.getItem(KEY) ?? "{}"));
  sessionStorage.removeItem(KEY);
} catch {
  // nothing was kept, or nonsense
}
