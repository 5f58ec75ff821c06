/** The list above the box of what the word at the cursor may become, chosen by arrows and Enter or by mouse. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { change, user } from "../state.js";
import { offerFor } from "./offers.js";
import { write } from "./writing.js";

/** The id of the list; its options have it with their number. */
export const offerKey = (writing) => `offer-${writing.channel}-${writing.thread ?? "here"}`;

/** See anew what the text up to the cursor may become. */
export function reconsider(writing, dom, place) {
  const isPoint = dom.selectionStart === dom.selectionEnd;
  writing.offer = isPoint ? offerFor(dom.value, dom.selectionStart, place) : null;
  change();
}

export function Offer(writing) {
  const { offer } = writing;
  if (!offer) return null;
  return h("ul", { class: "offer", key: "offer", role: "listbox", id: offerKey(writing), "aria-label": offer.label },
    offer.options.map((option, i) => h("li", {
      key: option.key, role: "option", id: `${offerKey(writing)}-${i}`, "aria-selected": String(i === offer.at),
      updated: (dom) => i === offer.at && dom.scrollIntoView({ block: "nearest" }),
      on: {
        mousedown: (event) => event.preventDefault(), // the cursor stays where it is
        click: (event) => take(writing, i, event.currentTarget.closest("form").elements.words),
      },
    }, Sign(option), h("span", { class: "label" }, option.label), " ", h("span", { class: "hint" }, option.hint), " ",
    h("span", { class: "note" }, option.note))));
}

function Sign({ char, user: id, channel }) {
  if (char) return h("span", { class: "sign", "aria-hidden": "true" }, char);
  if (id) return h("img", { class: "sign", src: user(id)?.picture, alt: "" });
  if (channel) return h("span", { class: "sign" }, icon(channel.kind === "private" ? "lock" : "hash"));
  return h("span", { class: "sign" }, icon("at"));
}

/** Keys while the list is open; gives whether it took this one. */
export function offerTakes(event, writing) {
  const act = KEYS[event.key];
  if (!act || event.shiftKey || (event.key === "Enter" && isWhole(writing))) return false;
  event.preventDefault();
  act(writing, event.target);
  change();
  return true;
}

const KEYS = {
  ArrowDown: (writing) => step(writing.offer, 1),
  ArrowUp: (writing) => step(writing.offer, -1),
  Tab: (writing, dom) => take(writing, writing.offer.at, dom),
  Enter: (writing, dom) => take(writing, writing.offer.at, dom),
  Escape: (writing) => { writing.offer = null; },
};

/** A command typed to its end is run by Enter, with no need to take it first. */
function isWhole({ offer, text }) {
  const { label, insert } = offer.options[offer.at];
  return insert.startsWith("/") && text === label;
}

function step(offer, by) {
  offer.at = (offer.at + by + offer.options.length) % offer.options.length;
}

function take(writing, at, dom) {
  const { start, end, options } = writing.offer;
  writing.offer = null;
  dom.focus();
  dom.setRangeText(options[at].insert, start, end, "end");
  write(writing, dom.value);
}
