/** Block Kit: blocks on a surface. `place` says where: {kind: "message", channel, ts, values} or {kind: "view", id, values}. */

import { h } from "../dom.js";
import { Element } from "../elements/elements.js";
import { RichText } from "../text/rich.js";
import { plain, textOf } from "../text/texts.js";

export function Blocks({ blocks, place, errors = {} }) {
  return h("div", { class: "blocks" }, blocks.map((block) => Block({ block, place, error: errors[block.block_id] })));
}

function Block({ block, place, error }) {
  const draw = DRAWN[block.type];
  return h("div", { class: `block ${block.type}`, key: block.block_id }, draw ? draw(block, place, error) : `(${block.type})`);
}

const DRAWN = {
  section: (block, place) => [h("div", { class: "words" }, textOf(block.text), (block.fields ?? []).map((field) => h("p", { class: "field" }, textOf(field)))), block.accessory ? Element({ element: block.accessory, block, place }) : null],
  header: (block) => h("h3", {}, plain(block.text)),
  divider: () => h("hr"),
  context: (block) => block.elements.map((one) => (one.type === "image" ? h("img", { src: one.image_url, alt: one.alt_text }) : h("span", {}, textOf(one)))),
  actions: (block, place) => block.elements.map((element) => Element({ element, block, place })),
  input: (block, place, error) => [h("label", {}, plain(block.label)), Element({ element: block.element, block, place }), error ? h("p", { class: "error", role: "alert" }, error) : null, block.hint ? h("p", { class: "hint" }, plain(block.hint)) : null],
  rich_text: (block) => RichText(block),
  markdown: (block) => h("p", {}, block.text),
};
