/** The switch of who one is: everybody with picture, zone and time, here or in a window of their own. */

import { makePopup, standBeside } from "../beside.js";
import { h, render } from "../dom.js";
import { icon } from "../icons.js";
import { become } from "../places.js";
import { me, state } from "../state.js";
import { localTime } from "../text/dates.js";
import { Tag } from "./people.js";

let shown = null; // {popup, anchor}

export function Who() {
  const click = (event) => openWho(event.currentTarget);
  return h("button", { type: "button", class: "who", "aria-haspopup": "menu", on: { click } },
    h("img", { class: "picture", src: me().picture, alt: "" }),
    h("span", { class: "words" }, h("small", {}, "You are"), " ", h("span", { class: "name" }, me().real_name)),
    icon("chevron"));
}

function openWho(anchor) {
  const isAgain = Boolean(shown);
  close();
  if (isAgain) return;
  const popup = makePopup(document.body, { role: "menu", label: "You are", kind: "people-menu" });
  shown = { popup, anchor };
  render(popup, everybody().map(Choice));
  popup.addEventListener("keydown", keydown);
  document.addEventListener("pointerdown", pressedOutside, true);
  standBeside(popup, anchor);
  popup.querySelector("[aria-checked=true]").focus();
}

const everybody = () => state.names.map((name) => Object.values(state.people.users).find((one) => one.name === name));

function Choice(person) {
  const { name, real_name: fullName, tz, picture } = person;
  const choose = () => {
    close();
    if (name !== state.as) become(name);
  };
  return h("div", { class: "somebody", role: "none" },
    h("button", {
      type: "button", role: "menuitemradio", "aria-checked": String(name === state.as), tabindex: "-1",
      on: { click: choose },
    },
      h("img", { class: "picture", src: picture, alt: "" }),
      h("span", { class: "words" }, h("span", { class: "name" }, fullName, Tag(person)),
        h("small", {}, `${localTime(tz)} in ${placeOf(tz)}`)),
      name === state.as ? icon("check") : null),
    h("a", {
      role: "menuitem", tabindex: "-1", target: "_blank", href: `/?${new URLSearchParams({ as: name })}`,
      title: "Open in a new window", "aria-label": `Open ${fullName} in a new window`, on: { click: close },
    }, icon("newWindow")));
}

/** A zone by its city: New York for America/New_York. */
export const placeOf = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

function close() {
  if (!shown) return;
  const { popup, anchor } = shown;
  shown = null;
  document.removeEventListener("pointerdown", pressedOutside, true);
  popup.remove();
  anchor.focus();
}

function pressedOutside(event) {
  if (!shown.popup.contains(event.target) && !shown.anchor.contains(event.target)) close();
}

/** Up and down go from person to person, left and right between the person and their window. */
function keydown(event) {
  if (event.key === "Escape" || event.key === "Tab") return close();
  const rows = [...shown.popup.children].map((row) => [...row.children]);
  const at = rows.findIndex((row) => row.includes(document.activeElement));
  const column = Math.max(0, rows[at]?.indexOf(document.activeElement) ?? 0);
  const next = {
    ArrowDown: () => rows[(at + 1) % rows.length][column],
    ArrowUp: () => rows[(at - 1 + rows.length) % rows.length][column],
    ArrowRight: () => rows[at]?.[1],
    ArrowLeft: () => rows[at]?.[0],
    Home: () => rows[0][column],
    End: () => rows.at(-1)[column],
  }[event.key];
  if (!next) return undefined;
  event.preventDefault();
  return next()?.focus();
}
