/* The reader's own list: codes of records, kept in this browser and nowhere else.
   Without this script nothing is lost but the buttons: a list is its address. */
"use strict";

(() => {
  const KEY = "my-list";
  const MOST = 200;

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
    } catch {
      return [];
    }
  };

  const write = (kept) => {
    try {
      if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
      else localStorage.removeItem(KEY);
      return true;
    } catch {
      return false; // the browser stores nothing, or is full
    }
  };

  const link = () => document.querySelector("[data-my-list]");

  const addressOf = (kept) => {
    const path = new URL(link().href).pathname;
    const asked = new URLSearchParams(kept.map((one) => ["record", one]));
    return kept.length ? `${path}?${asked.toString().replaceAll("%3A", ":")}` : path;
  };

  const say = (what, record) => {
    const status = document.querySelector("[data-my-list-says]");
    status.textContent = status.dataset[what].replace("%s", record.split(":")[1] || "");
  };

  const show = () => {
    const kept = read();
    const mine = link();
    if (!mine) return;
    const count = mine.querySelector(".kept-count");
    count.textContent = `(${kept.length})`;
    count.hidden = kept.length === 0;
    for (const button of document.querySelectorAll("[data-keep]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(kept.includes(button.dataset.keep)));
    }
    for (const button of document.querySelectorAll("[data-clear]")) {
      button.hidden = kept.length === 0;
    }
    for (const button of document.querySelectorAll("[data-keep-all]")) {
      const shown = button.dataset.keepAll.split(" ");
      button.hidden = shown.every((one) => kept.includes(one));
    }
  };

  const keep = (records) => {
    const kept = [...new Set([...read(), ...records])];
    if (kept.length > MOST) say("full", records[0]);
    else if (!write(kept)) say("notKept", records[0]);
    else if (records.length === 1) say("kept", records[0]);
  };

  const drop = (record) => {
    if (write(read().filter((one) => one !== record))) say("dropped", record);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep], [data-keep-all], [data-drop], [data-clear]");
    if (!button) return;
    if ("keep" in button.dataset) {
      const record = button.dataset.keep;
      if (read().includes(record)) drop(record);
      else keep([record]);
    } else if ("keepAll" in button.dataset) {
      keep(button.dataset.keepAll.split(" "));
    } else if ("drop" in button.dataset) {
      drop(button.dataset.drop); // and the link leads to the list without it
    } else if (window.confirm(button.dataset.clear)) {
      write([]);
      window.location.assign(addressOf([]));
    }
    show();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const kept = read();
    if (kept.length && document.querySelector("[data-my-list-empty]")) {
      window.location.replace(addressOf(kept));
      return;
    }
    show();
  });
  document.addEventListener("htmx:afterSettle", show); // parts of a page that came later
  window.addEventListener("storage", show); // another window of the same browser
  window.addEventListener("pageshow", show); // back, from the browser's memory
})();
