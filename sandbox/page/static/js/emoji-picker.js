/** Picking an emoji: searched by name, by category, or of those used last; one picker at a time. */

import { makePopup, standBeside } from "./beside.js";
import { h, lazy, render } from "./dom.js";
import { characterOf, emojiByCategory, findEmoji, wordsOf } from "./emoji.js";

const COLUMNS = 9; // as many as css/composer.css makes
const MOST_FOUND = 90;
const MOST_RECENT = 18;
const LABEL = "Search all emoji";
const RECENT = "recent emoji";
const BEGUN_WITH = ["+1", "white_check_mark", "eyes", "tada", "heart", "pushpin", "rotating_light", "memo", "pray"];

let shown = null; // {popup, anchor, onPick, typed, recent}

/** Have somebody pick an emoji beside what they pressed; `onPick` gets its name. */
export function openEmojiPicker(anchor, onPick) {
  const isAgain = shown?.anchor === anchor;
  close();
  if (isAgain) return;
  const popup = makePopup(document.body, { role: "dialog", label: "Emoji picker", kind: "picker" });
  shown = { popup, anchor, onPick, typed: "", recent: recent() };
  draw();
  popup.addEventListener("keydown", keydown);
  document.addEventListener("pointerdown", pressedOutside, true);
  anchor.setAttribute("aria-expanded", "true");
  standBeside(popup, anchor);
  popup.querySelector("input").focus();
}

function close() {
  if (!shown) return;
  const { popup, anchor } = shown;
  shown = null;
  document.removeEventListener("pointerdown", pressedOutside, true);
  const isInside = popup.contains(document.activeElement);
  popup.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (isInside) anchor.focus();
}

function pressedOutside(event) {
  if (!shown.popup.contains(event.target) && !shown.anchor.contains(event.target)) close();
}

function draw() {
  const search = (event) => {
    shown.typed = event.target.value.trim();
    draw();
  };
  render(shown.popup,
    h("input", { type: "search", "aria-label": LABEL, placeholder: LABEL, autocomplete: "off", on: { input: search } }),
    shown.typed ? null : Categories(),
    h("div", { class: "all", key: "all", role: "group", "aria-label": "Emoji" },
      lazy("emoji", [shown.typed], () => h("div", {}, shown.typed ? Found() : All()))));
}

function Categories() {
  const goTo = (category) => shown.popup.querySelector(`[data-category="${category}"]`).scrollIntoView();
  return h("div", { class: "categories", key: "categories", role: "group", "aria-label": "Categories" },
    emojiByCategory().map(([category, [first]]) => h("button", {
      type: "button", class: "emoji", key: category, "aria-label": category, title: category,
      on: { click: () => goTo(category) },
    }, first.char)));
}

const All = () => [["Recently used", shown.recent], ...emojiByCategory()].map(([title, all]) => Grid(title, all));

function Found() {
  const found = findEmoji(shown.typed).slice(0, MOST_FOUND);
  if (found.length) return Grid("Search results", found);
  return h("p", { class: "empty" }, `No emoji is called “${shown.typed}”.`);
}

function Grid(title, all) {
  return h("section", { key: title, "aria-label": title, "data-category": title }, h("h3", {}, title),
    h("div", { class: "grid" }, all.map(({ name, char }) => h("button", {
      type: "button", class: "emoji", key: name, tabindex: "-1", title: `:${name}:`, "aria-label": wordsOf(name),
      on: { click: () => pick(name) },
    }, char))));
}

function pick(name) {
  const { onPick } = shown;
  const names = [name, ...namesUsed().filter((one) => one !== name)];
  localStorage.setItem(RECENT, JSON.stringify(names.slice(0, MOST_RECENT)));
  close();
  onPick(name);
}

const namesUsed = () => JSON.parse(localStorage.getItem(RECENT) ?? "[]");

/** Those used last, and before there are enough of them, some that are of use to begin with. */
function recent() {
  const names = [...new Set([...namesUsed(), ...BEGUN_WITH])].slice(0, Math.max(COLUMNS, namesUsed().length));
  return names.map((name) => ({ name, char: characterOf(name) })).filter((one) => one.char);
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

/** Arrows go from the search through the emoji and back; Enter in the search takes the first. */
function keydown(event) {
  const emoji = [...shown.popup.querySelectorAll(".grid button")];
  const at = emoji.indexOf(document.activeElement);
  if (event.key === "Enter" && event.target.type === "search") {
    event.preventDefault();
    emoji[0]?.click();
    return;
  }
  const next = target(event, emoji, at);
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (next) next.focus();
  else close();
}

/** What a key moves to, null for closing, and undefined for keys that do what they do anyway. */
function target({ key }, emoji, at) {
  if (key === "Escape") return null;
  if (at < 0) return key === "ArrowDown" ? emoji[0] : undefined;
  if (!STEPS[key]) return undefined;
  return at + STEPS[key] < 0 ? shown.popup.querySelector("input") : emoji[Math.min(at + STEPS[key], emoji.length - 1)];
}
