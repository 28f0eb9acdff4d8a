// Shows how far an import is, and opens its result. Without it, the page asks again by itself.
"use strict";

(() => {
  const box = document.querySelector("[data-progress]");
  const words = box.querySelector("[data-doing]");
  const bar = box.querySelector("progress");
  const EVERY = 1000; // milliseconds

  async function look() {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) return window.location.reload();
      const said = await answer.json();
      if (!said.under_way) return window.location.reload();
      if (words.textContent !== said.doing) words.textContent = said.doing;
      if (said.total) {
        bar.max = said.total;
        bar.value = said.done;
      } else {
        bar.removeAttribute("value");
      }
    } catch {
      // no connection for a moment: the work goes on without us
    }
    return window.setTimeout(look, EVERY);
  }

  window.setTimeout(look, EVERY);
})();
