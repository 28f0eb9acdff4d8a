// Offers passkeys where the browser knows them, and says in words when one did not work.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll("[data-passkey]")) {
    part.hidden = !window.PublicKeyCredential;
  }
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // else it goes to the console, where nobody looks
  const said = document.getElementById("passkey-said");
  said.textContent = ""; // the same words again are read aloud again
  requestAnimationFrame(() => { said.textContent = said.dataset.failed; });
});
