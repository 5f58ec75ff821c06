/** Selects, of one thing or of several: a field to type in, with a list that it filters. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { state } from "../state.js";
import { plain } from "../text/texts.js";
import { choices, offered, offersConversation, shortestQuery, shownAs } from "./choices.js";
import { fieldProps, nameOf } from "./naming.js";
import { closePicker, onPickerKey, openPicker, refreshPicker, search } from "./picker.js";
import { choose } from "./telling.js";
import { enter, isUntouched, valueOf } from "./values.js";

/** A select of one thing; what is not required can be emptied. */
export function Select(element, block, place) {
  const value = current(place, block, element);
  const one = value ? shownAs(element, value) : null;
  const set = (to) => choose(place, block, element, to);
  const pick = (option) => set(option.value);
  return Box(element, "select",
    one?.picture ? h("img", { key: "picture", src: one.picture, alt: "" }) : one?.sign ? icon(one.sign) : null,
    Field({ element, block, place, pick, chosen: one ? [one] : [], text: one?.text ?? "", isMulti: false }),
    one && block.type === "input" && block.optional ? Cross(`Clear ${nameOf(block, element)}`, () => set(null)) : null,
    h("span", { class: "chevron", key: "chevron" }, icon("chevron")));
}

/** A select of several things, each of which can be taken out again. */
export function MultiSelect(element, block, place) {
  const chosen = current(place, block, element).map((value) => shownAs(element, value));
  const set = (change) => choose(place, block, element, change(valueOf(place, block, element)));
  const isSame = (value, option) => shownAs(element, value).key === option.key;
  const remove = (option) => set((values) => values.filter((value) => !isSame(value, option)));
  const add = (option) => set((values) => [...values, option.value]);
  const pick = (option) => (chosen.some((one) => one.key === option.key) ? remove(option) : add(option));
  const back = () => chosen.length && set((values) => values.slice(0, -1));
  return Box(element, "select multi",
    chosen.map((option) => Chip(option, () => remove(option))),
    Field({ element, block, place, pick, chosen, text: "", back, isMulti: true }));
}

/** Pressed anywhere, it is the field that is meant. */
function Box(element, kind, ...children) {
  const click = ({ target, currentTarget }) => {
    if (target.closest("button, input, .popup")) return;
    const input = currentTarget.querySelector("input");
    input.focus();
    openPicker(input);
  };
  return h("div", { key: element.action_id, class: kind, on: { click } }, children);
}

function Field({ element, block, place, chosen, back, ...select }) {
  const about = (input) => {
    input._select = {
      ...select, chosen: new Set(chosen.map((one) => one.key)), shortest: shortestQuery(element),
      isFull: select.isMulti && chosen.length >= (element.max_selected_items ?? Infinity),
      groups: () => choices(element), ask: (typed) => offered(place, block, element, typed),
    };
    refreshPicker(input);
  };
  return h("input", {
    ...fieldProps(place, block, element), key: "field", type: "text", class: "choice", role: "combobox",
    autocomplete: "off", spellcheck: "false", "aria-haspopup": "listbox", "aria-autocomplete": "list",
    "aria-expanded": "false", placeholder: chosen.length ? "" : plain(element.placeholder) || "Choose", value: select.text,
    mounted: about, updated: about, on: handlers(back),
  });
}

function handlers(back) {
  return {
    click: ({ currentTarget }) => openPicker(currentTarget),
    input: ({ currentTarget }) => search(currentTarget, currentTarget.value),
    keydown: (event) => {
      const { key, currentTarget, ctrlKey, metaKey, altKey } = event;
      if (onPickerKey(event)) return;
      if (key === "Backspace" && !currentTarget.value) back?.();
      // What is typed takes the place of what stands there.
      else if (key.length === 1 && !ctrlKey && !metaKey && !altKey) openPicker(currentTarget);
    },
    blur: closePicker,
  };
}

function Chip(option, remove) {
  return h("span", { key: `chip ${option.key}`, class: "chip" },
    option.picture ? h("img", { src: option.picture, alt: "" }) : option.sign ? icon(option.sign) : null,
    h("span", { class: "words" }, option.text), Cross(`Remove ${option.text}`, remove));
}

function Cross(label, act) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, on: { click: act } }, icon("close"));
}

/** What is chosen. A select of conversations may ask to begin with the one that is open (blocks.json). */
function current(place, block, element) {
  if (element.default_to_current_conversation && isUntouched(place, block, element)) beginHere(place, block, element);
  return valueOf(place, block, element);
}

function beginHere(place, block, element) {
  const here = place.channel ?? state.at;
  const isGiven = element.initial_conversation || element.initial_conversations?.length;
  if (isGiven || !offersConversation(element, here)) return;
  enter(place, block, element, element.type.startsWith("multi_") ? [here] : here);
}
