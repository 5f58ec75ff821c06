/** The card of somebody who was mentioned: who they are, what time it is for them, and a way to write to them. */

import { makePopup, standBeside } from "../beside.js";
import { h, render } from "../dom.js";
import { open } from "../places.js";
import { attempt } from "../server.js";
import { state, user } from "../state.js";
import { localTime } from "./dates.js";

let shown = null; // {popup, anchor}

/** Show somebody's card beside what was pressed, or close it where it is open already. */
export function openCard(anchor, id) {
  const isAgain = shown?.anchor === anchor;
  closeCard();
  if (isAgain) return;
  const one = user(id);
  const surface = anchor.closest("dialog") ?? document.body;
  const popup = makePopup(surface, { role: "dialog", label: one.real_name, kind: "person" });
  shown = { popup, anchor };
  render(popup, Card(one));
  standBeside(popup, anchor);
  popup.tabIndex = -1;
  popup.addEventListener("keydown", keydown);
  popup.addEventListener("focusout", focusout);
  document.addEventListener("pointerdown", pressed, true);
  (popup.querySelector("button") ?? popup).focus();
}

/** Close the card, if one is open. */
function closeCard() {
  if (!shown) return;
  const { popup } = shown;
  shown = null;
  document.removeEventListener("pointerdown", pressed, true);
  popup.remove();
}

function Card(one) {
  const isHere = !one.deleted && !one.is_bot;
  return [
    h("img", { src: one.picture, alt: "" }),
    h("h2", {}, one.real_name, badge(one)),
    h("p", { class: "quiet" }, `@${one.name}`),
    one.title ? h("p", {}, one.title) : null,
    isHere ? h("p", { class: "quiet" }, `${localTime(one.tz)} local time`) : null,
    one.deleted || one.id === state.me
      ? null
      : h("button", { type: "button", class: "button", on: { click: () => write(one) } }, "Message"),
  ];
}

function badge(one) {
  const words = one.deleted ? "Deactivated" : one.is_bot ? "App" : one.is_guest ? "Guest" : "";
  return words ? h("span", { class: "tag" }, words) : null;
}

async function write(one) {
  closeCard();
  const answer = await attempt("opens", { users: [one.id] });
  if (answer) open(answer.channel);
}

function keydown(event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  const { anchor } = shown;
  closeCard();
  anchor.focus();
}

/** Whoever goes on elsewhere is done with the card. */
function focusout(event) {
  if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) closeCard();
}

function pressed(event) {
  if (!shown.popup.contains(event.target) && !shown.anchor.contains(event.target)) closeCard();
}
