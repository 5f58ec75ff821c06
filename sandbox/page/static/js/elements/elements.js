/** Block Kit: what can be pressed, chosen and filled. Each kind is drawn by the function of its name in KINDS. */

import { h } from "../dom.js";
import { plain } from "../text/texts.js";
import { enter, held, use } from "./values.js";

export function Element({ element, block, place }) {
  const draw = KINDS[element.type];
  return draw ? draw(element, block, place) : h("span", { class: "unknown" }, `(${element.type})`);
}

const KINDS = {
  button: (element, block, place) => h("button", {
    key: element.action_id, type: "button", class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label,
    on: { click: () => use(place, block, element, {}) },
  }, plain(element.text)),
  plain_text_input: (element, block, place) => h(element.multiline ? "textarea" : "input", {
    key: element.action_id, "aria-label": plain(block.label), value: held(place, block, element).value ?? "",
    on: { input: (event) => enter(place, block, element, { value: event.target.value || null }) },
  }),
  static_select: (element, block, place) => h("select", {
    key: element.action_id, "aria-label": plain(block.label),
    on: { change: (event) => {
      const option = element.options[event.target.selectedIndex - 1] ?? null;
      enter(place, block, element, { selected_option: option });
    } },
  }, h("option", { value: "" }, plain(element.placeholder)), element.options.map((option) => h("option", { value: option.value, selected: held(place, block, element).selected_option?.value === option.value }, plain(option.text)))),
};
