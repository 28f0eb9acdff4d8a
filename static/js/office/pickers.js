// A list to choose from that is searched while one types: the combobox pattern of WAI-ARIA 1.2.
// What is picked stays in the select that the page came with; a long list comes from the server.
"use strict";
{
  const WAIT = 200; // milliseconds after the last key
  const MOST = 20; // lines shown at a time

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const make = (tag, attributes = {}, text = "") => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };

  const begin = (picker) => {
    const select = picker.querySelector("select");
    const words = picker.dataset;
    const many = select.multiple;
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = label ? label.textContent.replace(/:\s*$/, "").trim() : select.name;
    const input = make("input", {
      "type": "text", "role": "combobox", "id": `${select.id}-search`, "autocomplete": "off",
      "aria-expanded": "false", "aria-autocomplete": "list", "aria-haspopup": "listbox",
      "aria-controls": `${select.id}-list`, "aria-label": name, "placeholder": words.hint,
    });
    const described = select.getAttribute("aria-describedby");
    if (described) input.setAttribute("aria-describedby", described);
    const list = make("ul", {
      "role": "listbox", "id": `${select.id}-list`, "class": "picker-list", "aria-label": name,
    });
    const told = make("p", { "class": "visually-hidden", "aria-live": "polite" });
    const chosen = make("ul", { "class": "picker-chosen", "aria-label": name });
    list.hidden = true;
    select.hidden = true;
    if (label) label.htmlFor = input.id;
    picker.prepend(chosen, input, list);
    picker.append(told);

    let lines = [];
    let at = -1;
    let timer = null;
    let asked = 0;
    let fresh = true; // does the list answer what is typed now?

    const picked = () => [...select.options].filter((one) => one.selected && one.value);

    const show = () => {
      chosen.replaceChildren();
      for (const option of many ? picked() : []) {
        const line = make("li", {}, option.text);
        const button = make("button", {
          "type": "button", "aria-label": words.remove.replace("{name}", option.text),
        }, "×");
        button.addEventListener("click", () => { unpick(option); input.focus(); });
        line.append(button);
        chosen.append(line);
      }
      chosen.hidden = !chosen.children.length;
      if (!many) input.value = picked().map((one) => one.text).join("");
    };

    const changed = () => {
      show();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };

    const unpick = (option) => { option.selected = false; changed(); };

    const pick = ({ id, text }) => {
      const known = [...select.options].find((one) => one.value === String(id));
      const option = known || new Option(text, id);
      if (!known) select.append(option);
      option.selected = true;
      close();
      changed();
      if (many) input.value = "";
    };

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const move = (step) => {
      if (!lines.length) return;
      const from = at < 0 && step < 0 ? 0 : at;
      at = (from + step + lines.length) % lines.length;
      [...list.children].forEach((line, place) => {
        line.setAttribute("aria-selected", place === at ? "true" : "false");
      });
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };

    const offer = (found, more) => {
      const taken = new Set(many ? picked().map((one) => one.value) : []);
      lines = found.filter((one) => one.id && !taken.has(String(one.id))).slice(0, MOST);
      at = -1;
      fresh = true;
      list.replaceChildren(...lines.map((one, place) => {
        const line = make("li", {
          "role": "option", "id": `${list.id}-${place}`, "aria-selected": "false",
        }, one.text);
        line.addEventListener("mousedown", (event) => { event.preventDefault(); pick(one); });
        return line;
      }));
      if (!lines.length) tell(words.nothing);
      else if (more) tell(words.more);
      if (lines.length) told.textContent = words.found.replace("{count}", lines.length);
      open();
    };

    // a line that is read, not picked
    const tell = (sentence) => {
      list.append(make("li", { "role": "option", "aria-disabled": "true" }, sentence));
      told.textContent = sentence;
    };

    const open = () => {
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };

    const search = async () => {
      const term = input.value.trim();
      if (!words.address) {
        const wanted = plain(term);
        const found = [...select.options].filter((one) => plain(one.text).includes(wanted)
          || plain(one.value) === wanted);
        offer(found.map((one) => ({ id: one.value, text: one.text })), found.length > MOST);
        return;
      }
      const mine = ++asked;
      const query = new URLSearchParams({
        term, app_label: words.appLabel, model_name: words.modelName, field_name: words.fieldName,
      });
      try {
        const answer = await fetch(`${words.address}?${query}`, { credentials: "same-origin" });
        if (!answer.ok) throw new Error(answer.status);
        const { results, pagination } = await answer.json();
        if (mine === asked && document.activeElement === input) offer(results, pagination.more);
      } catch {
        if (mine !== asked) return;
        lines = [];
        list.replaceChildren();
        tell(words.failed);
        open();
      }
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      fresh = false;
      timer = setTimeout(search, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) search();
        else move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && (!list.hidden || !fresh)) {
        event.preventDefault(); // picks; it does not send the form
        if (!fresh) search();
        else if (lines.length) pick(lines[Math.max(at, 0)]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Backspace" && many && !input.value && picked().length) {
        unpick(picked().at(-1));
      }
    });
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      asked += 1;
      fresh = true;
      close();
      if (!many && !input.value.trim()) {
        select.value = "";
        if (picked().length) for (const option of picked()) option.selected = false;
      }
      if (many) input.value = "";
      show();
    });
    input.addEventListener("mousedown", () => { if (list.hidden) search(); });

    // a record that is added in another window comes back as an option
    new MutationObserver(show).observe(select, { childList: true });
    show();
  };

  const beginAll = (place) => {
    for (const picker of place.querySelectorAll(".picker")) {
      if (!picker.querySelector("select").name.includes("__prefix__")) begin(picker);
    }
  };

  document.addEventListener("DOMContentLoaded", () => beginAll(document));
  document.addEventListener("formset:added", (event) => beginAll(event.target));
}
