/** Blocks that are boxes around words: alerts, cards, containers, and the tasks of an assistant. */

import { h } from "../dom.js";
import { Element } from "../elements/elements.js";
import { icon } from "../icons.js";
import { link } from "../text/mrkdwn.js";
import { RichText } from "../text/rich.js";
import { textOf } from "../text/texts.js";
import { Picture } from "./pictures.js";

const STATUS = { pending: "To do", in_progress: "In progress", complete: "Done", error: "Failed" };

/** A note at the top of a form, in the colour of its level. */
export function Alert(block) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  const sign = level === "warning" || level === "error" ? "trouble" : "info";
  return h("div", { class: `alert ${level}`, role: "note" }, icon(sign), h("div", {}, textOf(block.text)));
}

/** A card: image, title, words and up to three buttons. */
export function Card(block, place) {
  const { hero_image: hero, icon: small, title, subtitle, body, subtext, actions = [] } = block;
  return h("div", { class: "box" },
    hero ? Picture(hero, "large") : null,
    title || small ? h("div", { class: "title" }, small ? Picture(small, "small") : null, textOf(title)) : null,
    subtitle ? h("div", { class: "quiet" }, textOf(subtitle)) : null,
    body ? h("div", {}, textOf(body)) : null,
    subtext ? h("div", { class: "quiet" }, textOf(subtext)) : null,
    actions.length
      ? h("div", { class: "buttons" }, actions.map((element) => Element({ element, block, place })))
      : null);
}

/** Cards side by side. */
export function Carousel(block, place) {
  const cards = block.elements.map((card) => Card({ ...card, block_id: card.block_id ?? block.block_id }, place));
  return h("div", { class: "row", role: "group", "aria-label": "Cards", tabindex: "0" }, cards);
}

/** Blocks in a box with a title; one that can be collapsed is a disclosure. */
export function Container(block, place, Block) {
  const title = [
    h("span", { class: "title" }, block.title.type === "rich_text" ? RichText(block.title) : textOf(block.title)),
    block.subtitle ? h("span", { class: "quiet" }, textOf(block.subtitle)) : null,
  ];
  const children = block.child_blocks.map((child, i) => Block(child, place, `${child.block_id ?? i} ${child.type}`));
  const inside = h("div", { class: "blocks" }, children);
  if (!block.is_collapsible) return h("div", { class: "box" }, h("div", { class: "heading" }, title), inside);
  const mounted = (dom) => (dom.open = !block.default_collapsed);
  return h("details", { class: "box", mounted }, h("summary", {}, title), inside);
}

/** A task an assistant works on, and how far it is. */
export function TaskCard(block) {
  return h("div", { class: "box" },
    h("p", {}, h("b", {}, block.title), " ", h("span", { class: "tag" }, STATUS[block.status] ?? block.status)),
    block.details ? RichText(block.details) : null,
    block.output ? RichText(block.output) : null,
    (block.sources ?? []).map((source) => h("p", {}, link(source.url, source.text))));
}

/** An assistant's plan: its tasks in order. */
export function Plan(block) {
  return h("div", { class: "box" }, h("p", {}, h("b", {}, block.title)), (block.tasks ?? []).map(TaskCard));
}
