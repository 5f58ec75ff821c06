/** How an element is known to people who cannot see it, and to the words beside it. */

import { plain } from "../text/texts.js";
import { keyOf } from "./values.js";

/** What a screen reader calls it: its label, what stands in it, or the words of its section. */
export function nameOf(block, element) {
  if (block.type === "input") return plain(block.label);
  return element.accessibility_label || plain(element.placeholder) || plain(block.text) || "Choose";
}

/** The id of an element's field, for a label's `for`. */
export const fieldId = (place, block) => idAt(place, block, "field");

/** The id of the words that say what is wrong with an input. */
export const errorId = (place, block) => idAt(place, block, "error");

/** What every field has: its name, whether it must be filled, what is wrong with it. */
export function fieldProps(place, block, element) {
  const isInput = block.type === "input";
  const error = isInput && place.errors?.[block.block_id];
  return {
    id: isInput ? fieldId(place, block) : null, "aria-label": nameOf(block, element),
    "aria-required": isInput && !block.optional ? "true" : null,
    "aria-invalid": error ? "true" : null, "aria-describedby": error ? errorId(place, block) : null,
    "data-focus": Boolean(element.focus_on_load),
  };
}

const idAt = (place, block, what) => [what, keyOf(place), block.block_id].map(encodeURIComponent).join("-");
