/* A step is taken with what is saved: says so when the form below has unsaved changes. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#content-main form");
  const said = document.querySelector(".steps-unsaved");
  if (!form || !said) return;

  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", () => { changed = true; });
  for (const link of document.querySelectorAll(".steps a")) {
    link.addEventListener("click", (event) => {
      if (!changed) return;
      event.preventDefault();
      said.hidden = false;
    });
  }
});
