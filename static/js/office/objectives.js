// A main aim is served: ticking “main aim” ticks the objective, and unticking the objective
// unticks “main aim”. Without this script the server says the same.
"use strict";
document.addEventListener("change", (event) => {
  const line = event.target.closest(".objective");
  const [served, main] = line ? line.querySelectorAll("input[type=checkbox]") : [];
  if (!main) return;
  if (event.target === main && main.checked) served.checked = true;
  if (event.target === served && !served.checked) main.checked = false;
});
