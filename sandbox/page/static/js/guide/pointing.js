/** What a step of the guide points at: found by its role and name, wherever on the page it is. */

import { state } from "../state.js";

const ROLES = {
  button: "button, [role=button]",
  link: "a[href]",
  tab: "[role=tab]",
  textbox: "textarea, input, [contenteditable], [role=textbox]",
};
const MARGIN = 4;

/** The element a step means, in front of the reader: the first of its targets there is, the newest of its kind. */
export function found(target, within = document) {
  for (const one of target.split(" | ").filter(Boolean)) {
    const all = [...within.querySelectorAll(one === "composer" ? ".middle .composer" : selectorOf(one))];
    const shown = all.findLast((dom) => isNamed(dom, one) && dom.checkVisibility() && !dom.closest(".guide-layer"));
    if (shown) return shown;
  }
  return null;
}

/** The entry of a conversation in the list at the left. */
export function entryOf(id) {
  const entries = [...document.querySelectorAll(".sidebar a[href]")];
  const isApp = state.conversations[id]?.with === state.app.bot;
  return entries.find((dom) => new URL(dom.href).searchParams.get("in") === id)
    ?? (isApp ? entries.find((dom) => dom.textContent.trim() === state.people.users[state.app.bot]?.real_name) : null)
    ?? null;
}

/** Where a ring around this goes; nothing while it is scrolled out of sight. */
export function ringAround(dom) {
  if (!dom) return null;
  const { left, top, width, height } = dom.getBoundingClientRect();
  const window = dom.closest(".scroll")?.getBoundingClientRect();
  const middle = top + height / 2;
  if (window && (middle < window.top || middle > window.bottom)) return null;
  const size = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  return { left: `${left - MARGIN}px`, top: `${top - MARGIN}px`, width: `${size.width}px`, height: `${size.height}px` };
}

/** Bring it into sight. */
export function bringIntoSight(dom) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  dom.scrollIntoView({ block: "nearest", behavior: isStill ? "auto" : "smooth" });
}

const selectorOf = (target) => ROLES[target.split(":", 1)[0]] ?? "none";

function isNamed(dom, target) {
  const wanted = target.slice(target.indexOf(":") + 1);
  const name = dom.getAttribute("aria-label") ?? dom.textContent.trim();
  return target === "composer" || name === wanted || name.startsWith(`${wanted} `);
}
