// Suggestions while one types a search: the combobox pattern of WAI-ARIA 1.2. The links come from
// the server; without this script the form searches as it always does.
"use strict";
{
  const WAIT = 150; // milliseconds after the last key
  const LEAST = 2; // characters

  const begin = (input, place) => {
    const words = input.dataset;
    const form = input.form;
    const at = new URLSearchParams(new FormData(form)).get("at"); // a page of the past asks the past
    const list = document.createElement("ul");
    const told = document.createElement("p");
    let options = [];
    let chosen = -1;
    let timer = null;
    let running = null;

    list.id = `suggestions-${place}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.name);
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    input.type = "text"; // a field of type "search" may not be a combobox
    input.enterKeyHint = "search";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    form.append(list, told);

    const choose = (next) => {
      options[chosen]?.setAttribute("aria-selected", "false");
      chosen = next;
      const option = options[chosen];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };

    const close = () => {
      clearTimeout(timer);
      running?.abort();
      choose(-1);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
    };

    const show = (html) => {
      const links = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".suggested a");
      choose(-1);
      options = [...links].map((link, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(...link.childNodes);
        option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
        option.addEventListener("click", () => location.assign(link.getAttribute("href")));
        return option;
      });
      list.replaceChildren(...options);
      list.hidden = !options.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      told.textContent = options.length ? words.found.replace("{count}", options.length) : words.nothing;
    };

    const ask = async () => {
      running?.abort();
      const text = input.value.trim();
      if (text.length < LEAST) {
        close();
        told.textContent = "";
        return;
      }
      running = new AbortController();
      const query = new URLSearchParams({ q: text, part: "1", ...(at && { at }) });
      try {
        const answer = await fetch(`${words.suggestions}?${query}`, { signal: running.signal });
        if (answer.ok && document.activeElement === input) show(await answer.text());
      } catch (error) {
        if (error.name !== "AbortError") close(); // searching still works
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (list.hidden) ask();
        else choose(((chosen + 1 + step + options.length + 1) % (options.length + 1)) - 1);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        options[chosen].click();
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener("blur", close);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("input[data-suggestions]").forEach(begin);
  });
}
