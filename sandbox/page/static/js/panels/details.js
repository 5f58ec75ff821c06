/** What a conversation is about, who is in it, and what can be done with it. */

import { h } from "../dom.js";
import { conversation } from "../state.js";

export function Details() {
  return h("section", { class: "details" }, h("p", {}, conversation()?.purpose));
}
