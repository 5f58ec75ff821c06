/** The card of somebody who was mentioned: who they are, what time it is for them, and a way to write to them. */

import { h } from "../dom.js";
import { open } from "../places.js";
import { attempt } from "../server.js";
import { change, state, user } from "../state.js";
import { localTime } from "./dates.js";

const WIDTH = 280;
const HEIGHT = 200; // about: it opens above what was pressed where there is no room below

let shown = null; // {anchor, id}

/** Show somebody's card beside what was pressed; a form keeps to itself while it is in front. */
export function openCard(anchor, id) {
  if (anchor.closest("dialog")) return;
  shown = { anchor, id };
  change();
}

/** The card, if one is open. */
export function Card() {
  const one = shown && user(shown.id);
  if (!one) return null;
  return h("div", {
    class: "card", key: `card ${one.id}`, role: "dialog", "aria-label": one.real_name, tabindex: "-1", style: place(shown.anchor),
    mounted: (dom) => dom.focus(), on: { keydown, focusout },
  },
    h("img", { src: one.picture, alt: "", width: "56", height: "56" }),
    h("h2", {}, one.real_name, one.is_bot ? h("span", { class: "tag" }, "App") : null, one.is_guest ? h("span", { class: "tag" }, "Guest") : null),
    h("p", { class: "quiet" }, `@${one.name}`),
    one.title ? h("p", {}, one.title) : null,
    one.deleted ? h("p", { class: "quiet" }, "Deactivated") : one.is_bot ? null : h("p", { class: "quiet" }, `${localTime(one.tz)} local time`),
    one.deleted || one.id === state.me ? null : h("button", { type: "button", class: "button", on: { click: () => write(one) } }, "Message"));
}

async function write(one) {
  const answer = await attempt("opens", { users: [one.id] });
  close();
  if (answer) open(answer.channel);
}

function close() {
  shown = null;
  change();
}

function keydown(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  shown?.anchor.focus();
  close();
}

/** Whoever goes on elsewhere is done with the card. */
function focusout(event) {
  if (shown && !event.currentTarget.contains(event.relatedTarget)) close();
}

function place(anchor) {
  const at = anchor.getBoundingClientRect();
  const isLow = at.bottom + HEIGHT > innerHeight;
  const left = Math.max(8, Math.min(at.left, innerWidth - WIDTH - 8));
  return { left: `${left}px`, ...(isLow ? { bottom: `${innerHeight - at.top + 4}px` } : { top: `${at.bottom + 4}px` }) };
}
