// While somebody types, asks which records are alike, and shows the answer below the form.
"use strict";

(() => {
  const PAUSE = 600; // milliseconds without a key
  const LONGEST = 5000; // characters of a text that are looked at

  const part = document.getElementById("similar");
  const form = part && part.closest("form");
  if (!form) return;
  const answer = part.querySelector(".similar-answer");
  const status = part.querySelector(".similar-status");
  let timer, running, asked;

  const values = (name) => new FormData(form).getAll(name).filter((value) => value !== "");

  // The boxes of the check list of objectives, but those of “main aim”; their value is the number.
  const BOXES = ".objectives input[type=checkbox]:not([name$='-primary'])";
  const boxOf = (number) => form.querySelector(`${BOXES}[value="${number}"]`);

  // Objectives ticked there, or chosen by name in rows of links.
  const objectives = () => [
    ...[...form.querySelectorAll(`${BOXES}:checked`)].map((one) => Number(one.value)),
    ...[...form.querySelectorAll("select[name$='objective'] option:checked, select[name='objectives'] option:checked")]
      .map((one) => parseInt(one.textContent, 10))
      .filter((number) => number > 0),
  ];

  function question() {
    const query = new URLSearchParams();
    if (part.dataset.pk) query.set("pk", part.dataset.pk);
    for (const name of ["language", "member_state", "member_states", "stakeholder"]) {
      for (const value of values(name)) query.append(name, value);
    }
    for (const number of new Set(objectives())) query.append("objectives", number);
    for (const name of ["title", "text"]) {
      const words = (part.dataset[name] && values(part.dataset[name])[0]) || "";
      query.set(name, words.slice(0, LONGEST));
    }
    return query.toString();
  }

  function offerToAdd() {
    for (const button of answer.querySelectorAll("[data-add-objective]")) {
      button.hidden = !boxOf(button.dataset.addObjective); // nothing here to tick
    }
  }

  function show(html) {
    answer.innerHTML = html;
    const said = [...answer.querySelectorAll("h3")].map(
      (title) => `${title.textContent}: ${title.nextElementSibling.children.length}.`
    );
    status.textContent = said.join(" ") || part.dataset.nothing;
    offerToAdd();
  }

  // A record that was just opened: what is like it as it is saved, from its page for everybody.
  async function lookUp() {
    asked = question();
    const before = asked;
    try {
      const response = await fetch(`${part.dataset.url}?of=${part.dataset.pk}`);
      if (!response.ok || response.redirected) return; // the link to that page stays
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (asked === before) show(page.querySelector("main .similar").innerHTML);
    } catch {
      // the link to that page stays
    }
  }

  async function ask() {
    const query = question();
    if (query === asked) return;
    asked = query;
    if (running) running.abort();
    running = new AbortController();
    try {
      // by POST: what is not published yet has no place in the addresses that servers log
      const response = await fetch(part.dataset.url, {
        method: "POST",
        headers: { "X-CSRFToken": values("csrfmiddlewaretoken")[0] },
        body: new URLSearchParams(query),
        signal: running.signal,
      });
      if (!response.ok || response.redirected) throw new Error(response.status);
      const text = await response.text();
      if (query === asked) show(text);
    } catch (error) {
      if (error.name === "AbortError") return;
      asked = undefined;
      status.textContent = part.dataset.failed;
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }

  answer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-objective]");
    if (!button) return;
    const box = boxOf(button.dataset.addObjective);
    const folded = box.closest("details");
    if (folded) folded.open = true;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    button.disabled = true;
    status.textContent = part.dataset.added;
    later();
  });

  // Pickers of the admin tell jQuery only.
  const jQuery = window.django && window.django.jQuery;
  if (jQuery) jQuery(form).on("input change", later);
  else for (const name of ["input", "change"]) form.addEventListener(name, later);
  offerToAdd();
  if (part.dataset.pk) lookUp();
  else if (values(part.dataset.title).length) ask(); // a form that came back with errors
})();
