(place, exchanges) => {
  // Whose browser this is (a token that only this browser knows) and in which conversation this tab was.
  const make = () => Array.from(crypto.getRandomValues(new Uint8Array(24)), (one) => one.toString(16).padStart(2, "0"));
  try {
    const owner = localStorage.getItem("onrecord-owner") ?? make().join("");
    localStorage.setItem("onrecord-owner", owner);
    return [{ ...JSON.parse(sessionStorage.getItem("onrecord-conversation") ?? "{}"), owner }, exchanges];
  } catch {
    return [{ owner: make().join("") }, exchanges]; // a browser that keeps nothing
  }
}
