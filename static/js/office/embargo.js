/* Says the embargo time in the reader's own zone, and chooses "later" for who writes a time. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const at = document.getElementById("id_at");
  const said = document.querySelector(".local-time");
  const later = document.querySelector("input[name=when][value=later]");
  if (!at || !said) return;

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const written = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "full", timeStyle: "short",
  });

  const tell = () => {
    const moment = new Date(`${at.value}Z`);
    said.textContent = at.value && !isNaN(moment) ? `${zone}: ${written.format(moment)}` : "";
  };
  at.addEventListener("input", () => {
    if (at.value && later) later.checked = true;
    tell();
  });
  tell();
});
