/** The Markdown of markdown blocks as elements. */

import { h } from "../dom.js";

/** The elements of a Markdown text. */
export function markdown(text = "") {
  return h("p", {}, text);
}
