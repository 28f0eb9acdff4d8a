// Comfort for lists: a choice shows its results at once (htmx), what is open stays open, long
// facets are searched while one types, and the new count is said to those who cannot see it.
"use strict";
{
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const kept = { open: new Map(), scrolled: new Map(), words: new Map() };

  const narrow = (input, fieldset) => {
    const wanted = plain(input.value.trim());
    for (const line of fieldset.querySelectorAll(".values > li")) {
      line.hidden = !plain(line.querySelector(".name").textContent).includes(wanted)
        && !line.querySelector(".badge")?.textContent.startsWith(wanted);
    }
  };

  const begin = () => {
    for (const fieldset of document.querySelectorAll("fieldset[data-find]")) {
      const input = document.createElement("input");
      const facet = fieldset.closest("details");
      input.type = "search";
      input.id = `find-${facet.id}`;
      input.autocomplete = "off";
      input.placeholder = fieldset.dataset.find;
      input.setAttribute("aria-label",
        `${fieldset.dataset.find}: ${fieldset.querySelector("legend").textContent}`);
      input.value = kept.words.get(input.id) || "";
      input.addEventListener("input", () => narrow(input, fieldset));
      input.addEventListener("change", (event) => event.stopPropagation()); // no choice
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault(); // it does not send the form
      });
      fieldset.querySelector(".values").before(input);
      if (input.value) narrow(input, fieldset);
    }
  };

  const remember = () => {
    for (const one of document.querySelectorAll("#facets details")) kept.open.set(one.id, one.open);
    for (const one of document.querySelectorAll("#facets .long")) {
      kept.scrolled.set(one.id, one.scrollTop);
    }
    for (const one of document.querySelectorAll("#facets [type=search]")) {
      kept.words.set(one.id, one.value);
    }
  };

  const restore = () => {
    begin();
    for (const [id, open] of kept.open) {
      const facet = document.getElementById(id);
      if (facet) facet.open = open;
    }
    for (const [id, top] of kept.scrolled) {
      const values = document.getElementById(id);
      if (values) values.scrollTop = top;
    }
    document.getElementById("told").textContent = document.querySelector("#list h1").textContent;
  };

  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("htmx:configRequest", (event) => {
    const asked = event.detail.parameters; // an address without empty words
    for (const name of Object.keys(asked)) if (asked[name] === "") delete asked[name];
  });
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", restore);
  for (const fault of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(fault, (event) => event.detail.elt.submit()); // as without script
  }
}
