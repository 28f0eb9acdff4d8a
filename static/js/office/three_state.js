// Makes one box of each triple of choices: ticked is on all records, empty on none, a bar on some.
// The triple stays in the form, hidden, and is what is sent.
"use strict";
{
    const looks = {
        all: {leave: true, remove: false},
        some: {leave: null, add: true, remove: false},
        none: {leave: false, add: true},
    };

    const dress = (triple, number) => {
        const look = looks[triple.dataset.state];
        const radios = [...triple.querySelectorAll("input")];
        const values = radios.map((radio) => radio.value);
        const order = Object.keys(look).filter((value) => values.includes(value));
        const box = document.createElement("input");
        const line = document.createElement("p");
        const label = document.createElement("label");
        const told = document.createElement("output");
        box.type = "checkbox";
        box.disabled = order.length < 2;
        told.id = `three-state-${number}`;
        box.setAttribute("aria-describedby", told.id);
        label.append(box, " ", ...[...triple.querySelector("legend").childNodes].map((node) => node.cloneNode(true)));
        line.className = "three-state-box";
        line.append(label, told);

        const show = () => {
            const chosen = radios.find((radio) => radio.checked);
            box.indeterminate = look[chosen.value] === null;
            box.checked = look[chosen.value] === true;
            const changed = chosen.value !== "leave";
            line.classList.toggle("changed", changed);
            told.textContent = changed ? chosen.parentElement.textContent.trim() : "";
        };
        box.addEventListener("change", () => {
            const now = radios.find((radio) => radio.checked).value;
            const next = order[(order.indexOf(now) + 1) % order.length];
            radios.find((radio) => radio.value === next).checked = true;
            show();
        });
        triple.before(line);
        triple.hidden = true;
        addEventListener("pageshow", show); // a browser that goes back fills the form in again
        show();
    };

    document.querySelectorAll("fieldset.three-state").forEach(dress);
}
