/** rich_text blocks: what people write, and what apps write as precisely. */

import { h } from "../dom.js";
import { characterOf, emoji } from "../emoji.js";
import { dateWords } from "./dates.js";
import { link } from "./mrkdwn.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./names.js";

// Innermost first.
const TAGS = { code: "code", strike: "s", underline: "u", italic: "i", bold: "b", highlight: "mark" };
const MOST_LARGE = 23;
const COLOUR = /^#[0-9a-f]{3}(?:[0-9a-f]{3})?$/i;

/** A rich_text block; one that is nothing but a few emoji is large. */
export function RichText(block) {
  const parts = block.elements ?? [];
  return h("div", { class: `rich${isOnlyEmoji(parts) ? " large" : ""}` }, parts.map(Part));
}

function Part(part) {
  const draw = PARTS[part.type];
  return draw ? draw(part) : null;
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "line" }, leaves(part)),
  rich_text_quote: (part) => h("blockquote", {}, leaves(part)),
  rich_text_preformatted: (part) => bordered(part, h("pre", {}, leaves(part))),
  rich_text_list: (part) => bordered(part, List(part)),
};

/** A list of one depth; deeper points are lists of their own that follow it, as Slack has them. */
function List(part) {
  const isOrdered = part.style === "ordered";
  const depth = Math.min(part.indent ?? 0, 8);
  const items = (part.elements ?? []).map((item) => h("li", {}, leaves(item)));
  const props = { class: `depth-${depth} mark-${depth % 3}`, start: isOrdered && part.offset ? part.offset + 1 : null };
  return h(isOrdered ? "ol" : "ul", props, items);
}

const bordered = (part, drawn) => (part.border ? h("div", { class: "bordered" }, drawn) : drawn);

const leaves = (part) => (part.elements ?? []).map((leaf) => styledAs(leaf.style ?? {}, Leaf(leaf)));

/** A leaf in its styles, each an element around it. */
function styledAs(style, drawn) {
  return Object.entries(TAGS).reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), drawn);
}

function Leaf(leaf) {
  const draw = LEAVES[leaf.type];
  return draw ? draw(leaf) : leaf.text ?? "";
}

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => link(leaf.url, leaf.text),
  user: (leaf) => userMention(leaf.user_id),
  channel: (leaf) => channelMention(leaf.channel_id),
  usergroup: (leaf) => groupMention(leaf.usergroup_id),
  broadcast: (leaf) => broadcastMention(leaf.range),
  team: (leaf) => h("span", { class: "mention" }, `@${leaf.team_id}`),
  emoji: (leaf) => (characterOf(leaf.name) ? emoji(leaf.name) : fromCodes(leaf.unicode) || `:${leaf.name}:`),
  date: (leaf) => date(leaf),
  color: (leaf) => [swatch(leaf.value), leaf.value],
};

function swatch(colour) {
  if (!COLOUR.test(colour)) return null;
  return h("span", { class: "swatch", style: { "background-color": colour }, "aria-hidden": "true" });
}

function date({ timestamp, format, url, fallback }) {
  const shown = dateWords(timestamp, format, fallback ?? "");
  return url ? link(url, shown) : h("span", { title: fallback }, shown);
}

/** The characters of code points as Slack writes them, such as 1f44d-1f3fd. */
function fromCodes(codes = "") {
  const points = codes.split("-").map((code) => parseInt(code, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : "";
}

function isOnlyEmoji(parts) {
  const all = parts.length === 1 && parts[0].type === "rich_text_section" ? parts[0].elements ?? [] : [];
  const found = all.filter((leaf) => leaf.type !== "text" || leaf.text.trim());
  const isFew = found.length > 0 && found.length <= MOST_LARGE;
  return isFew && found.every((leaf) => leaf.type === "emoji" && characterOf(leaf.name));
}
