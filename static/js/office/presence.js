// Says that this form is still open, and shows who else has the record open.
(() => {
  "use strict";
  const box = document.querySelector("[data-presence]");
  const token = document.querySelector("form [name=csrfmiddlewaretoken]");
  if (!box || !token) return;

  const words = (left) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token.value);
    if (left) data.append("left", "1");
    return data;
  };

  const show = (others) => {
    const shown = [...box.children].map((line) => line.textContent.trim());
    if (shown.join("\n") === others.join("\n")) return; // nothing new: nothing to read out
    box.replaceChildren(
      ...others.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      })
    );
  };

  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.presence, { method: "POST", body: words(false) });
      if (answer.ok && !answer.redirected) show((await answer.json()).others);
    } catch {
      // no connection: the note stays as it is
    }
  };

  setInterval(ask, 30000);
  window.addEventListener("pagehide", () => {
    navigator.sendBeacon(box.dataset.presence, words(true));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) ask(); // back from another page
  });
})();
