/** A menu that opens beside what was pressed, usable by mouse and by keys. One at a time. */

import { makePopup, standBeside } from "./beside.js";
import { h, render } from "./dom.js";

const PAUSE = 600; // milliseconds after which typed letters begin another word

let shown = null; // {popup, anchor, focused, typed, typedAt}

/** Open a menu, or close it where it is open already; items are {label, act, isDanger?, note?} or {isSeparator}. */
export function openMenu(anchor, items, { label = "Menu" } = {}) {
  const isAgain = shown?.anchor === anchor;
  closeMenu();
  if (isAgain || !items.length) return;
  // What is outside of an open dialog cannot be used.
  const popup = makePopup(anchor.closest("dialog") ?? document.body, { role: "menu", label, kind: "menu" });
  shown = { popup, anchor, focused: document.activeElement, typed: "", typedAt: 0 };
  render(popup, items.map(Item));
  anchor.setAttribute("aria-expanded", "true");
  standBeside(popup, anchor);
  popup.addEventListener("keydown", keydown);
  listenOutside("addEventListener");
  choices()[0]?.focus();
}

/** Close the menu, if one is open; the focus goes back to where it was. */
function closeMenu() {
  if (!shown) return;
  const { popup, anchor, focused } = shown;
  shown = null;
  listenOutside("removeEventListener");
  const isInside = popup.contains(document.activeElement);
  popup.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (isInside) (focused?.isConnected ? focused : anchor).focus();
}

function Item(item) {
  if (item.isSeparator) return h("hr", { role: "separator" });
  const pick = () => {
    closeMenu();
    item.act();
  };
  const pointermove = (event) => event.currentTarget.focus();
  return h("button", {
    type: "button", role: "menuitem", tabindex: "-1", class: item.isDanger ? "danger" : "",
    on: { click: pick, pointermove },
  }, h("span", { class: "label" }, item.label), item.note ? h("span", { class: "note" }, item.note) : null);
}

const choices = () => [...shown.popup.querySelectorAll("[role=menuitem]")];

function keydown(event) {
  if (event.key === "Tab") return closeMenu(); // and on it goes from where the focus was
  const next = event.key === "Escape" ? null : target(event);
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (next) next.focus();
  else closeMenu();
}

/** What a key moves to; undefined for keys that mean nothing here. */
function target({ key, ctrlKey, metaKey, altKey }) {
  const all = choices();
  const at = all.indexOf(document.activeElement);
  if (key === "ArrowDown") return all[(at + 1) % all.length];
  if (key === "ArrowUp") return all[(at - 1 + all.length) % all.length];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey) return undefined;
  return beginningWith(key.toLowerCase(), all, at);
}

/** The next item whose label begins with the letters typed in a row. */
function beginningWith(letter, all, at) {
  const isGoingOn = performance.now() - shown.typedAt < PAUSE;
  shown.typed = isGoingOn ? shown.typed + letter : letter;
  shown.typedAt = performance.now();
  const from = shown.typed.length > 1 ? at : at + 1;
  const inOrder = all.map((_, step) => all[(from + step + all.length) % all.length]);
  return inOrder.find((one) => one.textContent.toLowerCase().startsWith(shown.typed)) ?? all[at];
}

function listenOutside(add) {
  document[add]("pointerdown", pressedOutside, true);
  window[add]("resize", closeMenu);
  window[add]("scroll", scrolled, true);
}

function pressedOutside(event) {
  if (!shown.popup.contains(event.target) && !shown.anchor.contains(event.target)) closeMenu();
}

function scrolled(event) {
  if (!shown.popup.contains(event.target)) closeMenu();
}
