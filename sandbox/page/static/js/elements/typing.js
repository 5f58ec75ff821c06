/** Fields for words: plain, formatted, addresses, links and numbers. */

import { h } from "../dom.js";
import { plain } from "../text/texts.js";
import { fieldProps } from "./naming.js";
import { typedValue, wordsOf } from "./rich.js";
import { tell } from "./telling.js";
import { enter, valueOf } from "./values.js";

const CLOSE = 20; // characters left from which on they are counted
const LINES = { least: 3, most: 8 }; // blocks.json: rich_text_input, max_lines

/** A field for one line or, `multiline`, for several. */
export function PlainText(element, block, place) {
  const value = valueOf(place, block, element) ?? "";
  const field = element.multiline ? Area : Line;
  return h("div", { key: element.action_id, class: "typed" },
    field(element, block, place, { value, read: (words) => words || null, maxlength: element.max_length }),
    Counter(element, value));
}

/** A field for an e-mail address. */
export const Email = (element, block, place) => Typed(element, block, place, { inputmode: "email" });

/** A field for a link. */
export const Url = (element, block, place) => Typed(element, block, place, { inputmode: "url" });

/** A field for a number; what is no number is said when the form is sent. */
export const NumberInput = (element, block, place) =>
  Typed(element, block, place, { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" });

/** A field whose words become a rich_text block. */
export function RichTextInput(element, block, place) {
  const value = wordsOf(valueOf(place, block, element));
  const lines = { rows: element.min_lines ?? LINES.least, most: element.max_lines ?? LINES.most };
  return h("div", { key: element.action_id, class: "typed" },
    Area(element, block, place, { value, read: typedValue, ...lines }));
}

function Typed(element, block, place, props) {
  const value = valueOf(place, block, element) ?? "";
  return Line(element, block, place, { ...props, key: element.action_id, value, read: (words) => words || null });
}

function Line(element, block, place, { read, ...props }) {
  return h("input", {
    type: "text", class: "input", autocomplete: "off", ...fieldProps(place, block, element), ...props,
    placeholder: plain(element.placeholder), on: handlers(element, block, place, read),
  });
}

function Area(element, block, place, { read, rows = LINES.least, most = LINES.most, ...props }) {
  const grow = (dom) => fit(dom, most);
  return h("textarea", {
    class: "input", ...fieldProps(place, block, element), placeholder: plain(element.placeholder), rows, ...props,
    mounted: grow, updated: grow, on: handlers(element, block, place, read),
  });
}

/** A field of several lines grows with what is in it, up to so many lines. */
function fit(dom, lines) {
  if (dom._fitted === dom.value || !dom.offsetParent) return; // a dialog's fields are not to be seen until it is shown
  dom._fitted = dom.value;
  dom.style.setProperty("height", "auto");
  const most = lines * parseFloat(getComputedStyle(dom).lineHeight) + 18;
  dom.style.setProperty("height", `${Math.min(dom.scrollHeight + 2, most)}px`);
}

/** Only where the block dispatches, the app hears of words: on Enter, or of every character, as the element asks. */
function handlers(element, block, place, read) {
  const when = block.dispatch_action ? element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"] : [];
  const input = ({ target }) => {
    enter(place, block, element, read(target.value));
    if (when.includes("on_character_entered")) tell(place, block, element, read(target.value));
  };
  const keydown = (event) => {
    const isLine = event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || event.isComposing || !isLine || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    event.stopPropagation();
    tell(place, block, element, read(event.target.value));
  };
  return { input, keydown };
}

/** How many characters are left, once there are few; or how many are still wanted. */
function Counter({ min_length = 0, max_length }, value) {
  const left = max_length === undefined ? Infinity : max_length - value.length;
  const wanted = value ? min_length - value.length : 0;
  if (left > CLOSE && wanted <= 0) return null;
  const words = wanted > 0 ? `${wanted} more needed` : `${left} left`;
  return h("span", { class: "counter", "aria-live": "polite" }, words);
}
