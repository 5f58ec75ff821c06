/** Long text that shows its beginning until one asks for more. */

import { h } from "../dom.js";

/** What is inside, folded; whether it is open is kept by the page itself, and survives drawing. */
export function Folded({ key, more, less }, ...inside) {
  const toggle = (event) => {
    const button = event.currentTarget;
    const isOpen = button.parentElement.classList.toggle("open");
    button.setAttribute("aria-expanded", String(isOpen));
    button.firstChild.data = isOpen ? less : more;
  };
  return h("div", { key, class: "folded", mounted: unfoldIfShort },
    h("div", { key: "inside", class: "inside" }, inside),
    h("button", { key: "more", type: "button", class: "link", "aria-expanded": "false", on: { click: toggle } }, more));
}

/** What would fit anyway is shown whole. */
function unfoldIfShort(dom) {
  const [inside, button] = dom.children;
  button.hidden = inside.scrollHeight <= inside.clientHeight;
  dom.classList.toggle("open", button.hidden);
}
