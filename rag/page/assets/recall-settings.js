() => {
  // What was chosen in the settings before; whatever it is, the server looks at it.
  try {
    return [JSON.parse(localStorage.getItem("onrecord-settings") ?? "{}")];
  } catch {
    return [{}]; // a browser that keeps nothing, or nonsense
  }
}
