/** Any JSON as a tree that can be folded. */

import { h } from "../dom.js";

const OPEN_TO = 2; // levels that are open at first
const SHORT = 60; // characters of a folded part that are shown

/** The tree of a value under a label. */
export function Tree(label, value, depth = 0) {
  const isFolded = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  if (!isFolded) return h("p", { key: label, class: "leaf" }, h("span", { class: "key" }, `${label}: `), Leaf(value));
  const [from, to] = Array.isArray(value) ? "[]" : "{}";
  return h("details", { key: label, open: depth < OPEN_TO },
    h("summary", {},
      h("span", { class: "key" }, label), h("span", { class: "preview" }, ` ${from}${preview(value)}${to}`)),
    Object.entries(value).map(([key, each]) => Tree(key, each, depth + 1)));
}

function Leaf(value) {
  const kind = value === null ? "null" : typeof value;
  return h("span", { class: `value ${kind}` }, kind === "string" ? value : JSON.stringify(value));
}

function preview(value) {
  const words = Array.isArray(value) ? `${value.length}` : Object.keys(value).join(", ");
  return words.length > SHORT ? `${words.slice(0, SHORT)}…` : words;
}
