// Keeps in this browser what was chosen in the settings, as far as it differs from the server's own.
const KEY = "onrecord-settings";

watch("value", () => {
  try {
    localStorage.setItem(KEY, JSON.stringify(props.value ?? {}));
  } catch {
    // a browser that keeps nothing
  }
});
