/** What may stand at the right instead of a thread. */

import { h } from "../dom.js";
import { change, state } from "../state.js";
import { Details } from "./details.js";
import { Time } from "./time.js";

const PANELS = { details: Details, time: Time };

export function Panel() {
  const draw = PANELS[state.panel];
  return h("aside", { class: "right panel", key: `panel ${state.panel}`, "aria-label": state.panel },
    h("button", { type: "button", "aria-label": "Close", on: { click: () => change({ panel: null }) } }, "×"), draw ? draw() : null);
}
