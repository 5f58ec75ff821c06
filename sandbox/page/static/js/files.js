/** Files in a message: images and short texts as they look, the rest as a card. */

import { h, render } from "./dom.js";
import { icon } from "./icons.js";
import { address } from "./server.js";

const LONGEST_TEXT = 100_000; // bytes; what is longer is only offered for download
const LINES = 12;
const TEXTS = /\.(txt|log|md|csv|tsv|json|ya?ml|toml|ini|conf|xml|html|css|js|ts|py|rb|go|rs|java|sh|sql|diff|patch)$/i;

export function Files(files) {
  return h("div", { key: "files", class: "message-files" },
    files.map((file) => h("div", { key: file.id, class: "shared" }, shown(file))));
}

function shown(file) {
  if (file.mimetype.startsWith("image/")) return Image(file);
  const isText = file.mode === "snippet" || file.mimetype.startsWith("text/") || TEXTS.test(file.name);
  return [Card(file), isText && file.size <= LONGEST_TEXT ? Snippet(file) : null];
}

function Snippet(file) {
  const mounted = (dom) => preview(dom, file);
  return h("pre", { key: "text", class: "snippet", "aria-label": `Beginning of ${file.name}`, mounted });
}

function Image(file) {
  return [
    h("p", { key: "name", class: "file-name" }, file.title),
    h("a", { key: "image", href: sourceOf(file), target: "_blank", rel: "noopener", title: "Open the image" },
      h("img", { class: "image", src: sourceOf(file), alt: file.alt_txt || file.title })),
  ];
}

function Card(file) {
  return h("div", { key: "card", class: "file-card" }, icon("document"),
    h("div", { class: "about" }, h("p", { class: "name" }, file.title),
      h("p", { class: "facts" }, `${file.pretty_type} · ${sizeOf(file.size)}`)),
    h("a", { class: "button", href: sourceOf(file), download: file.name, "aria-label": `Download ${file.name}` },
      "Download"));
}

/** The first lines of a text file, once they are here. */
async function preview(dom, file) {
  const answer = await fetch(sourceOf(file)).catch(() => null);
  if (!answer?.ok) return;
  const lines = (await answer.text()).split("\n");
  render(dom, lines.slice(0, LINES).join("\n"), lines.length > LINES ? "\n…" : null);
}

const sourceOf = (file) => address(`file/${file.id}`);

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
