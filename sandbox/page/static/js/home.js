/** The app's Home tab: what it has published for this person. */

import { Blocks } from "./blocks/blocks.js";
import { h } from "./dom.js";
import { state, user } from "./state.js";

/** Home, or a word of what is yet to come. */
export function Home() {
  const view = state.home;
  return h("section", { class: "home", key: "home", "aria-label": "Home" },
    h("div", { class: "scroll", key: "home", tabindex: "0" }, view ? Published(view) : Waiting()));
}

function Published(view) {
  return h("div", { class: "page", key: view.id },
    Blocks({ blocks: view.blocks, place: { kind: "view", id: view.id, values: view.state.values } }));
}

function Waiting() {
  const name = user(state.app.bot)?.real_name ?? "The app";
  return h("div", { class: "waiting", key: "waiting", role: "status" },
    h("span", { class: "spinner" }),
    h("p", {}, `${name} has nothing here yet. Its Home appears as soon as the app publishes it.`));
}
