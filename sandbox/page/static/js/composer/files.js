/** Files that go along with the words: chosen, pasted or dropped. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { attach, detach } from "./writing.js";

/** Whether what is dragged or pasted are files. */
export const carriesFiles = (carried) => carried.types.includes("Files");

/** Take the files that are pasted or dropped, and leave anything else to the browser. */
export function attachTo(writing, event, carried) {
  if (!carriesFiles(carried)) return;
  event.preventDefault();
  attach(writing, carried.files);
}

/** Have somebody choose files; the button is where the browser's own dialog starts from. */
export function chooseFiles(writing) {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", multiple: true });
  input.addEventListener("change", () => attach(writing, input.files));
  input.click();
}

/** The files that wait to be sent. */
export function Attached(writing) {
  if (!writing.files.length) return null;
  return h("ul", { class: "attached", key: "attached", "aria-label": "Files to send" },
    writing.files.map((file) => Waiting(file, () => detach(writing, file))));
}

function Waiting(file, remove) {
  return h("li", {}, icon("paperclip"),
    h("span", { class: "name" }, file.name), h("span", { class: "note" }, sizeOf(file)),
    h("button", { type: "button", "aria-label": `Remove ${file.name}`, on: { click: remove } }, icon("close")));
}

function sizeOf({ size }) {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

// A file dropped beside the box would otherwise take the place of the page.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => carriesFiles(event.dataTransfer) && event.preventDefault());
}
