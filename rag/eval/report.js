// Filters of the report: by kind, tag and words. Without it every question is still there.
(() => {
  "use strict";
  const controls = document.querySelector(".controls");
  const words = document.getElementById("words");
  const tag = document.getElementById("tag");
  const count = document.getElementById("count");
  const none = document.querySelector("#questions > .none");
  const kinds = [...document.querySelectorAll("section.kind")];
  const links = [...document.querySelectorAll(".kinds a")];
  if (!controls || !kinds.length) return;

  const rows = kinds.map((kind) => [...kind.querySelectorAll(".row")]);
  const tags = new Map();
  const texts = new Map();
  let chosen = "";
  let waiting = 0;

  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const tagsOf = (row) => {
    if (!tags.has(row)) tags.set(row, (row.dataset.tags || "").split(" "));
    return tags.get(row);
  };

  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const group = tag ? tag.value : "";
    const fits = (row) =>
      (!group || tagsOf(row).includes(group)) && wanted.every((word) => textOf(row).includes(word));
    let shown = 0;
    let all = 0;
    kinds.forEach((kind, place) => {
      let here = 0;
      for (const row of rows[place]) {
        const fit = fits(row);
        row.hidden = !fit;
        here += fit ? 1 : 0;
      }
      const open = !chosen || kind.dataset.kind === chosen;
      kind.hidden = !open || !here;
      links.find((link) => link.dataset.kind === kind.dataset.kind).querySelector("b").textContent =
        here.toLocaleString("en");
      shown += open ? here : 0;
      all += rows[place].length;
    });
    const counted = controls.dataset.counted || "questions";
    count.textContent = shown === all ? `${all} ${counted}` : `${shown} of ${all} ${counted}`;
    none.hidden = shown > 0;
  };

  links.forEach((link) => {
    link.setAttribute("role", "button");
    link.setAttribute("aria-pressed", "false");
    const choose = (event) => {
      event.preventDefault();
      chosen = chosen === link.dataset.kind ? "" : link.dataset.kind;
      links.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.kind === chosen)));
      apply();
    };
    link.addEventListener("click", choose);
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") choose(event);
    });
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  if (tag) tag.addEventListener("change", apply);
  document.querySelectorAll('a[href^="#note-"]').forEach((link) =>
    link.addEventListener("click", () => {
      document.getElementById("notes").open = true;
    }),
  );
  controls.hidden = false;
  apply();
})();
