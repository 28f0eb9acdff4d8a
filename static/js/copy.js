// Copies a citation to the clipboard. Without this file, or without a clipboard, there is no
// button: the text itself is selected with one click.

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) break; // only where the site is reached safely
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.querySelector("[data-copied]");
    said.textContent = "";
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    said.textContent = said.dataset.copied;
    button.classList.add("done");
  });
}
