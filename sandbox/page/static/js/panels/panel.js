/** What may stand at the right instead of a thread. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { change, state } from "../state.js";
import { Details } from "./details.js";
import { Time } from "./time.js";
import { Trouble } from "./trouble.js";
import { Wire } from "./wire.js";

const PANELS = {
  details: { title: "Details", Body: Details },
  time: { title: "Time", Body: Time },
  trouble: { title: "Trouble", Body: Trouble },
  wire: { title: "Wire", Body: Wire },
};

let opener = null; // what had the focus before

/** The panel that `state.panel` names. */
export function Panel() {
  const { title, Body } = PANELS[state.panel];
  return h("aside", {
    class: `right panel ${state.panel}`,
    key: `panel ${state.panel}`,
    "aria-label": title,
    tabindex: "-1",
    mounted: (dom) => {
      opener = document.activeElement;
      dom.focus({ preventScroll: true });
    },
    on: { keydown },
  },
    h("header", { class: "panel-head" }, h("h2", {}, title), h("button", {
      type: "button", class: "cross", "aria-label": `Close ${title}`, on: { click: closePanel },
    }, icon("close"))),
    Body());
}

/** Esc closes the panel; in a search with words it only clears these, as the browser does. */
function keydown(event) {
  const isClearing = event.target.type === "search" && event.target.value;
  if (event.key === "Escape" && !event.defaultPrevented && !isClearing) closePanel();
}

/** Take the panel away; the focus goes back to where it was. */
function closePanel() {
  change({ panel: null });
  if (opener?.isConnected) opener.focus();
}
