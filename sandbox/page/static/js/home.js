/** The app's Home tab. */

import { Blocks } from "./blocks/blocks.js";
import { h } from "./dom.js";
import { state } from "./state.js";

export function Home() {
  const view = state.home;
  return h("section", { class: "home", key: "home", "aria-label": "Home" },
    view ? Blocks({ blocks: view.blocks, place: { kind: "view", id: view.id, values: view.state.values } }) : h("p", { class: "empty" }, "Nothing here yet."));
}
