/** A menu that opens beside what was pressed, usable by mouse and by arrow keys. One at a time. */

import { h } from "./dom.js";
import { change } from "./state.js";

let shown = null; // {anchor, items, label}

/** Open a menu: items are {label, act, isDanger?, note?}. */
export function openMenu(anchor, items, label = "Menu") {
  shown = { anchor, items, label };
  change();
}

export function closeMenu() {
  if (!shown) return;
  const { anchor } = shown;
  shown = null;
  anchor.focus?.();
  change();
}

export function Popup() {
  if (!shown) return null;
  const { anchor, items, label } = shown;
  const at = anchor.getBoundingClientRect();
  return h("div", { class: "popup", key: "popup", role: "menu", "aria-label": label, style: { left: `${at.left}px`, top: `${at.bottom + 4}px` }, mounted: (dom) => dom.querySelector("button")?.focus(), on: { keydown } },
    items.map((item) => h("button", { type: "button", role: "menuitem", on: { click: () => { closeMenu(); item.act(); } } }, item.label)));
}

function keydown(event) {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") closeMenu();
  if (!step) return;
  event.preventDefault();
  buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
}
