// Gives each of the admin's own pickers (select2) the name of its field: screen readers would hear none.
"use strict";
{
    const named = (container) => {
        const select = container.previousElementSibling;
        const label = select && select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
        const name = label ? label.textContent.trim().replace(/:$/, "") : select && select.getAttribute("aria-label");
        if (!name) {
            return;
        }
        for (const part of container.querySelectorAll("[role=combobox], input")) {
            part.removeAttribute("aria-labelledby");
            part.setAttribute("aria-label", name);
        }
        const shown = container.querySelector(".select2-selection__rendered[role=textbox]");
        if (shown) {
            shown.removeAttribute("role"); // it shows the choice; the box around it is what is used
            shown.removeAttribute("aria-readonly");
        }
        return name;
    };

    const look = () => document.querySelectorAll(".select2-container").forEach((container) => {
        if (!named(container)) { // the list that opens stands at the end of the page
            const field = container.querySelector(".select2-search__field");
            const open = document.querySelector(".select2-container--open [aria-label]");
            if (field && open) {
                field.setAttribute("aria-label", open.getAttribute("aria-label"));
            }
        }
    });

    addEventListener("DOMContentLoaded", () => {
        look();
        new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
    });
}
