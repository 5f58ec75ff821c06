/** The list of a select while it is open: filtered by what is typed, walked by arrows. One at a time. */

import { makePopup, standBeside } from "../beside.js";
import { h, render } from "../dom.js";
import { icon } from "../icons.js";

const PAUSE = 250; // milliseconds without another character before the app is asked

let open = null; // {input, popup, groups, at, typed, words, timer}
let count = 0;

/** Open the list below an input, whose `_select` says what it is about: `groups()`, `chosen`, `pick(option)`,
 *  `isMulti`, and for those the app answers `shortest` and `ask(typed)`. */
export function openPicker(input, typed = "") {
  if (isOpen(input)) return;
  closePicker();
  const popup = makePopup(input.closest(".select"), { role: "listbox", label: "Options", kind: "options" });
  popup.id = `options-${++count}`;
  popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  open = { input, popup, groups: [], at: -1, typed: "", words: "", timer: 0 };
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", popup.id);
  if (input._select.isMulti) popup.setAttribute("aria-multiselectable", "true");
  window.addEventListener("scroll", moved, true);
  window.addEventListener("resize", moved);
  look("");
  if (!typed) input.select();
}

/** Close the list; the field says again what is chosen. */
export function closePicker() {
  if (!open) return;
  const { input, popup, timer } = open;
  open = null;
  clearTimeout(timer);
  window.removeEventListener("scroll", moved, true);
  window.removeEventListener("resize", moved);
  popup.remove();
  input.setAttribute("aria-expanded", "false");
  for (const name of ["aria-controls", "aria-activedescendant"]) input.removeAttribute(name);
  input.value = input._select.text;
}

/** Draw the open list anew, as what is chosen or offered may be another. */
export function refreshPicker(input) {
  if (isOpen(input)) draw();
}

/** What a key means in a select's field; true where it was one of the list's. */
export function onPickerKey(event) {
  const { key, currentTarget: input } = event;
  const mine = isOpen(input) ? KEYS : OPENING;
  if (event.isComposing || event.ctrlKey || event.metaKey || !(key in mine)) return false;
  event.preventDefault();
  event.stopPropagation();
  mine[key](input);
  return true;
}

/** Look for what was typed into a field, whose list opens for it. */
export function search(input, typed) {
  openPicker(input, typed);
  look(typed);
}

function look(typed) {
  const { shortest, groups, ask } = open.input._select;
  clearTimeout(open.timer);
  open.typed = typed;
  if (shortest === null) return show(filtered(groups(), typed), "No results");
  if (typed.length < shortest) return show([], typed ? "Keep typing to search" : "Start typing to search");
  show([], "Searching …");
  const mine = open;
  open.timer = setTimeout(async () => {
    const found = await ask(typed).catch(() => []);
    if (open === mine && mine.typed === typed) show(found, "No results");
  }, typed ? PAUSE : 0);
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => flat()[open.at] && pick(flat()[open.at]),
  Escape: closePicker,
};

const opens = (input) => openPicker(input);
const OPENING = { ArrowDown: opens, ArrowUp: opens, Enter: opens };

const isOpen = (input) => open?.input === input;

const flat = () => open.groups.flatMap((group) => group.options);

function filtered(groups, typed) {
  const wanted = typed.trim().toLowerCase();
  const fits = ({ text, note }) => [text, note ?? ""].some((words) => words.toLowerCase().includes(wanted));
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length);
}

function show(groups, words) {
  Object.assign(open, { groups, words });
  const { chosen } = open.input._select;
  open.at = Math.max(open.typed ? 0 : flat().findIndex((one) => chosen.has(one.key)), 0);
  draw();
}

function move(step) {
  const { length } = flat();
  if (!length) return;
  open.at = (open.at + step + length) % length;
  draw();
}

function pick(option) {
  const { input } = open;
  const { isMulti } = input._select;
  if (!isMulti) closePicker();
  else if (input.value) {
    input.value = "";
    look("");
  }
  input._select.pick(option);
}

function draw() {
  const { popup, input, at, words } = open;
  const { isFull, chosen } = input._select;
  const all = flat();
  const groups = open.groups.map(({ label, options }) => h("div", {
    key: label, role: "group", "aria-label": label || null,
  },
    label ? h("div", { class: "group", "aria-hidden": "true" }, label) : null,
    options.map((option) => {
      const number = all.indexOf(option);
      const isChosen = chosen.has(option.key);
      return Option(option, { id: `${popup.id}-${number}`, isAt: number === at, isChosen, isOut: isFull && !isChosen });
    })));
  const said = isFull ? "No more can be chosen." : groups.length ? null : words;
  render(popup, said ? h("p", { key: "said", class: "said", role: "status" }, said) : null, groups);
  standBeside(popup, input.closest(".select"), { isWide: true });
  const active = popup.querySelector(".at");
  active?.scrollIntoView({ block: "nearest" });
  if (active) input.setAttribute("aria-activedescendant", active.id);
  else input.removeAttribute("aria-activedescendant");
}

function Option(option, { id, isAt, isChosen, isOut }) {
  return h("div", {
    key: option.key, id, role: "option", class: `option${isAt ? " at" : ""}`, "aria-selected": String(isChosen),
    "aria-disabled": isOut ? "true" : null, on: { click: () => isOut || pick(option) },
  },
    option.picture ? h("img", { src: option.picture, alt: "" }) : option.sign ? icon(option.sign) : null,
    h("span", { class: "words" }, option.text, option.note ? h("span", { class: "note" }, option.note) : null),
    isChosen ? icon("check") : null);
}

function moved(event) {
  if (!open.popup.contains(event.target)) standBeside(open.popup, open.input.closest(".select"), { isWide: true });
}
