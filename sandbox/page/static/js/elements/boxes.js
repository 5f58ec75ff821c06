/** Checkboxes and radio buttons. */

import { h } from "../dom.js";
import { textOf } from "../text/texts.js";
import { fieldProps } from "./naming.js";
import { choose } from "./telling.js";
import { keyOf, valueOf } from "./values.js";

/** Any of up to ten options. */
export function Checkboxes(element, block, place) {
  const chosen = valueOf(place, block, element);
  const has = (option, among = chosen) => among.some((one) => one.value === option.value);
  const toggle = (option) => {
    const now = valueOf(place, block, element); // another box may have been pressed since this was drawn
    return element.options.filter((one) => has(one, now) !== (one.value === option.value));
  };
  return Group(element, block, place, "group", (option) => ({
    type: "checkbox", checked: has(option), on: picks(element, () => choose(place, block, element, toggle(option))),
  }));
}

/** One of up to ten options. */
export function RadioButtons(element, block, place) {
  const chosen = valueOf(place, block, element);
  const name = [keyOf(place), block.block_id, element.action_id].join(" ");
  return Group(element, block, place, "radiogroup", (option) => ({
    type: "radio", name, checked: chosen?.value === option.value,
    on: picks(element, () => chosen?.value !== option.value && choose(place, block, element, option)),
  }));
}

/** Where somebody is asked first, nothing is checked until they are sure. */
function picks(element, pick) {
  if (!element.confirm) return { change: pick };
  const click = (event) => {
    event.preventDefault();
    pick();
  };
  return { click };
}

function Group(element, block, place, role, input) {
  const { "data-focus": isFirst, "aria-required": isRequired, ...props } = fieldProps(place, block, element);
  const required = role === "radiogroup" ? { "aria-required": isRequired } : {};
  return h("div", { ...props, ...required, key: element.action_id, class: "boxes", role, tabindex: "-1" },
    element.options.map((option, at) => h("label", { key: option.value, class: "tick" },
      h("input", { ...input(option), "data-focus": isFirst && at === 0 }),
      h("span", {}, h("span", { class: "words" }, textOf(option.text)),
        option.description ? h("span", { class: "note" }, textOf(option.description)) : null))));
}
