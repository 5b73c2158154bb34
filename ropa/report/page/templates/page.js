"use strict";
(() => {
  const table = document.getElementById("findings-table");
  const rows = table ? Array.from(table.tBodies[0].rows) : [];
  const search = document.getElementById("filter-text");
  const choices = Array.from(document.querySelectorAll("#filters select"));
  const status = document.getElementById("shown");

  // What is searched: a row as it is read, once.
  const texts = rows.map((row) => row.textContent.toLowerCase().replace(/\s+/g, " "));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits =
        choices.every((one) => !one.value || row.dataset[one.dataset.column] === one.value) &&
        words.every((word) => texts[at].includes(word));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    const all = rows.length === 1 ? "1 finding" : `${rows.length} findings`;
    status.textContent = shown === rows.length ? all : `Showing ${shown} of ${all}`;
  };

  const reset = () => {
    search.value = "";
    choices.forEach((one) => { one.value = ""; });
    filter();
  };

  const sort = (heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    const key = heading.dataset.sort;
    const sign = down ? -1 : 1;
    const order = new Intl.Collator("en-GB", { numeric: true });
    table.querySelectorAll("th[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sorted = rows.slice().sort((one, other) =>
      sign * order.compare(one.dataset[key], other.dataset[key]) ||
      one.dataset.order - other.dataset.order);
    table.tBodies[0].append(...sorted);
  };

  // A link leads to what a filter hides, and to what is folded.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) {
      reset();
      target.scrollIntoView();
    }
    const folded = target.closest("details");
    if (folded) folded.open = true;
  };

  if (table) {
    search.addEventListener("input", filter);
    choices.forEach((one) => one.addEventListener("change", filter));
    document.getElementById("filter-reset").addEventListener("click", reset);
    table.querySelectorAll("th[data-sort]").forEach((heading) => {
      const button = document.createElement("button");
      button.type = "button";
      heading.dataset.title = heading.textContent;
      heading.classList.add("sortable");
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(heading));
    });
    document.getElementById("filters").hidden = false;
    filter();
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  // Paper cannot be unfolded.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((one) => { one.open = false; });
  });
})();
