/** Legacy attachments: boxes with a bar of colour below a message. */

import { h } from "../dom.js";
import { link, mrkdwn, unescape } from "../text/mrkdwn.js";
import { momentWords } from "../text/dates.js";
import { Blocks } from "./blocks.js";
import { Folded } from "./folded.js";
import { Picture } from "./pictures.js";

const NAMED = { good: "var(--good)", warning: "var(--warning)", danger: "var(--danger)" };
const COLOUR = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;
const LONG = 700; // characters, and lines, after which an attachment's text is folded
const MANY = 5;
const OF_ITSELF = /^\[no preview available\]$/; // what Slack writes as the fallback of an attachment of blocks

/** The attachments of a message; `place` is where their blocks stand. */
export function Attachments({ attachments, place }) {
  return h("div", { key: "attachments", class: "attachments" }, attachments.map((one, i) => Attachment(one, place, one.id ?? i)));
}

function Attachment(one, place, key) {
  return h("div", { key, class: "attachment" },
    one.pretext ? h("div", { class: "pretext" }, mrkdwn(one.pretext)) : null,
    h("div", { class: "barred", style: { "border-left-color": colourOf(one.color) } },
      h("div", { class: "main" }, one.blocks?.length ? Blocks({ blocks: one.blocks, place }) : Legacy(one)),
      one.thumb_url ? Picture({ image_url: one.thumb_url, alt_text: one.title || "Thumbnail" }, "thumbnail") : null));
}

function Legacy(one) {
  const hasWords = ["title", "text", "author_name", "fields", "image_url", "footer", "actions", "pretext"].some((name) => one[name]?.length);
  return [
    one.service_name ? h("div", { class: "author" }, unescape(one.service_name)) : null,
    one.author_name ? h("div", { class: "author" }, one.author_link ? link(one.author_link, unescape(one.author_name)) : unescape(one.author_name)) : null,
    one.title ? h("div", { class: "title" }, one.title_link ? link(one.title_link, unescape(one.title)) : mrkdwn(one.title)) : null,
    one.text ? Words(one.text) : null,
    !hasWords && one.fallback && !OF_ITSELF.test(one.fallback) ? h("div", { class: "text" }, unescape(one.fallback)) : null,
    one.fields?.length ? h("div", { class: "facts" }, one.fields.map(Field)) : null,
    one.image_url ? Picture({ image_url: one.image_url, alt_text: one.title || one.fallback }, "large") : null,
    one.actions?.length ? h("div", { class: "buttons" }, one.actions.map(OldButton)) : null,
    one.footer || one.ts ? h("div", { class: "footer" }, [one.footer && mrkdwn(one.footer), one.footer && one.ts && " | ", one.ts && momentWords(one.ts)]) : null,
  ];
}

function Words(text) {
  const isLong = text.length > LONG || text.split("\n").length > MANY;
  const words = h("div", { class: "text" }, mrkdwn(text));
  return isLong ? Folded({ key: "text", more: "Show more", less: "Show less" }, words) : words;
}

function Field(field) {
  return h("div", { class: field.short ? "fact" : "fact long" }, h("b", {}, unescape(field.title ?? "")), h("div", {}, mrkdwn(String(field.value ?? ""))));
}

/** Buttons of before Block Kit: they are shown, and press nothing here. */
function OldButton(action) {
  const title = "Buttons of before Block Kit do nothing in this workspace";
  return h("button", { type: "button", class: `button ${action.style ?? ""}`, disabled: true, title }, unescape(action.text ?? action.name ?? ""));
}

function colourOf(colour = "") {
  const digits = COLOUR.exec(colour)?.[1];
  return NAMED[colour] ?? (digits ? `#${digits}` : "var(--line)");
}
