// Says how long a text is while it is typed, and counts as the server does: characters, not the
// units that browsers count; blanks around a text do not count. Without this script the limit
// stands in the help text.
"use strict";
{
  const number = new Intl.NumberFormat(document.documentElement.lang || "en");
  const NEAR = 0.9; // of the limit

  const lengthOf = (text) => [...text.trim()].length;

  const say = (words, values) =>
    words.replace(/\{(\w+)\}/g, (_whole, name) => number.format(values[name]));

  const stateOf = ({ least, most, length }) => {
    if (length > most) return "over";
    if (length >= most * NEAR) return "near";
    if (least && length && length < least) return "short";
    return least && length ? "enough" : "fits";
  };

  const begin = (field) => {
    const most = Number(field.dataset.most);
    const least = Number(field.dataset.least || 0);
    const words = {
      fits: field.dataset.says,
      near: field.dataset.saysNear,
      over: field.dataset.saysOver,
      short: field.dataset.saysShort,
      enough: field.dataset.saysEnough,
    };
    const shown = document.createElement("div");
    shown.className = "counter help";
    shown.id = `${field.id}-counter`;
    // heard when a limit is passed, not at each key
    const heard = document.createElement("div");
    heard.className = "visually-hidden";
    heard.id = `${field.id}-spoken`;
    heard.setAttribute("aria-live", "polite");
    (field.closest(".flex-container") || field).after(shown, heard);
    shown.setAttribute("aria-hidden", "true");

    let state = null;
    const count = () => {
      const length = lengthOf(field.value);
      const values = { count: length, least, most, left: most - length, over: length - most };
      const now = stateOf({ least, most, length });
      const long = field.tagName === "TEXTAREA" || length >= most / 2;
      shown.textContent = say(words[now === "near" ? "fits" : now], values);
      shown.hidden = !long && document.activeElement !== field;
      shown.dataset.state = now;
      if (state !== null && now !== state) heard.textContent = say(words[now], values);
      state = now;
    };
    for (const event of ["input", "change", "focus", "blur"]) field.addEventListener(event, count);
    count();
  };

  const beginAll = (place) => {
    for (const field of place.querySelectorAll("[data-most]")) {
      if (!field.name.includes("__prefix__")) begin(field);
    }
  };

  document.addEventListener("DOMContentLoaded", () => beginAll(document));
  document.addEventListener("formset:added", (event) => beginAll(event.target));
}
