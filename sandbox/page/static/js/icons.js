/** Small signs, drawn in the colour of the words around them; what they mean is said by those words or by a label. */

import { h } from "./dom.js";

/** Each drawn as strokes on a field of 20 by 20. */
const STROKES = {
  archive: "M3 4h14v4H3z M4.5 8v8h11V8 M8 11h4",
  at: "M13 10a3 3 0 1 1-6 0a3 3 0 0 1 6 0z M13 7v4.2c0 2.4 4 2.2 4-1.2a7 7 0 1 0-2.6 5.4",
  bin: "M4 6h12 M8 6V4h4v2 M6 6l.7 10h6.6L14 6",
  bolt: "M11 2.5L4.5 11.5h5l-1 6L15.5 8.5h-5z",
  check: "M4 10.5l4 4l8-9",
  chevron: "M6 8l4 4l4-4",
  clock: "M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0z M10 6v4.2l2.8 1.8",
  close: "M5 5l10 10 M15 5L5 15",
  down: "M10 4v11 M5.5 10.5L10 15l4.5-4.5",
  eye: "M2 10c3.5-6 12.5-6 16 0c-3.5 6-12.5 6-16 0z M12 10a2 2 0 1 1-4 0a2 2 0 0 1 4 0z",
  document: "M5 3h7l3 3v11H5z M12 3v3h3",
  hash: "M8 3L6 17 M14 3l-2 14 M3.5 7.5h13.5 M3 12.5h13.5",
  image: "M3 4h14v12H3z M3 13.5l4-4l4 4l2.5-2.5L17 14 M13 8v.1",
  info: "M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0z M10 9.5v4 M10 6.4v.2",
  link: "M8.5 11.5a3 3 0 0 0 4.4.2l2.4-2.4a3 3 0 0 0-4.3-4.3l-1 1 M11.5 8.5a3 3 0 0 0-4.4-.2l-2.4 2.4a3 3 0 0 0 4.3 4.3l1-1",
  lock: "M5 9h10v8H5z M7 9V6.5a3 3 0 0 1 6 0V9",
  more: "M10 4.6v.1 M10 9.9v.1 M10 15.2v.1",
  newWindow: "M11 4h5v5 M16 4l-7 7 M14 11.5V16H4V6h4.5",
  paperclip: "M15.5 9.5l-5.6 5.6a3.4 3.4 0 0 1-4.8-4.8l6-6a2.3 2.3 0 0 1 3.2 3.2l-5.8 5.8a1.1 1.1 0 0 1-1.6-1.6l5-5",
  pencil: "M4 16l.8-3.5L13.5 3.8l2.7 2.7L7.5 15.2z M11.5 5.8l2.7 2.7",
  people: "M10.5 6.5a3 3 0 1 1-6 0a3 3 0 0 1 6 0z M2.5 16c0-6 10-6 10 0 M13 4a3 3 0 0 1 0 5.3 M14.5 11.5c2 .6 3 2.2 3 4.5",
  pin: "M7 3h6l-.7 5l2.7 3H5l2.7-3z M10 11v6",
  play: "M7 4.5v11l9-5.5z",
  plus: "M10 4v12 M4 10h12",
  react: "M10.5 3.1a7 7 0 1 0 6.4 6.4 M7 12c1.5 2.3 4.5 2.3 6 0 M7.5 7.5v.5 M12 7.5v.5 M16 2v5 M13.5 4.5h5",
  search: "M13.5 8.5a5 5 0 1 1-10 0a5 5 0 0 1 10 0z M12.2 12.2L17 17",
  send: "M3 3.5l14.5 6.5L3 16.5l2-6.5z M5 10h6",
  smile: "M17 10a7 7 0 1 1-14 0a7 7 0 0 1 14 0z M7 12c1.5 2.3 4.5 2.3 6 0 M7.5 7.5v.5 M12.5 7.5v.5",
  thread: "M4 4h12v9H9l-4 3.5V13H4z M7 7.5h6 M7 10h4",
  trouble: "M10 3.5L17.5 16.5h-15z M10 8.5v3.5 M10 14.2v.2",
  wire: "M2.5 10h3.5l2-6l4 12l2-6h3.5",
};

/** One of these signs. */
export function icon(name) {
  return h("svg", { class: `icon ${name}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    h("path", { d: STROKES[name] }));
}
