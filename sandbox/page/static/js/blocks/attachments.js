/** Legacy attachments: boxes with a bar of colour below a message. */

import { h } from "../dom.js";
import { link, mrkdwn, unescape, words } from "../text/mrkdwn.js";
import { momentWords } from "../text/dates.js";
import { Blocks } from "./blocks.js";
import { Folded } from "./folded.js";
import { Picture } from "./pictures.js";

const NAMED = { good: "var(--good)", warning: "var(--warning)", danger: "var(--danger)" };
const COLOUR = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i;
const LONG = 700; // characters, and lines, after which an attachment's text is folded
const MANY = 5;
// Where an attachment has none of these, its fallback is shown.
const SAID = ["title", "text", "author_name", "fields", "image_url", "thumb_url", "footer", "actions", "pretext"];

/** The attachments of a message; `place` is where their blocks stand. */
export function Attachments({ attachments, place }) {
  const all = attachments.map((one, i) => Attachment(one, place, one.id ?? i));
  return h("div", { key: "attachments", class: "attachments" }, all);
}

function Attachment(one, place, key) {
  return h("div", { key, class: "attachment" },
    one.pretext ? h("div", { class: "pretext" }, mrkdwn(one.pretext)) : null,
    h("div", { class: "barred", style: { "border-left-color": colourOf(one.color) } },
      h("div", { class: "main" }, one.blocks?.length ? Blocks({ blocks: one.blocks, place }) : Legacy(one)),
      one.thumb_url ? Picture({ image_url: one.thumb_url, alt_text: one.title || "Thumbnail" }, "thumbnail") : null));
}

function Legacy(one) {
  return [
    one.service_name ? h("div", { class: "author" }, words(one.service_name)) : null,
    one.author_name ? h("div", { class: "author" }, linked(one.author_name, one.author_link)) : null,
    one.title ? h("div", { class: "title" }, linked(one.title, one.title_link)) : null,
    one.text ? Words(one.text) : null,
    one.fields?.length ? h("div", { class: "facts" }, one.fields.map(Field)) : null,
    one.image_url ? Picture({ image_url: one.image_url, alt_text: one.title || one.fallback }, "large") : null,
    one.actions?.length ? h("div", { class: "buttons" }, one.actions.map(OldButton)) : null,
    one.footer || one.ts ? Footer(one) : null,
    SAID.some((name) => one[name]?.length) ? null : h("div", { class: "text" }, unescape(one.fallback ?? "")),
  ];
}

const linked = (text, url) => (url ? link(url, words(text)) : words(text));

function Footer({ footer, ts }) {
  const parts = [footer && mrkdwn(footer), ts && momentWords(ts)].filter(Boolean);
  return h("div", { class: "footer" }, parts.length === 2 ? [parts[0], " | ", parts[1]] : parts);
}

function Words(text) {
  const isLong = text.length > LONG || text.split("\n").length > MANY;
  const whole = h("div", { class: "text" }, mrkdwn(text));
  return isLong ? Folded({ key: "text", more: "Show more", less: "Show less" }, whole) : whole;
}

function Field(field) {
  return h("div", { class: field.short ? "fact" : "fact long" },
    h("b", {}, words(field.title)), h("div", {}, mrkdwn(String(field.value ?? ""))));
}

/** Buttons of before Block Kit: they are shown, and press nothing here. */
function OldButton(action) {
  const title = "Buttons of before Block Kit do nothing in this workspace";
  const props = { type: "button", class: `button ${action.style ?? ""}`, disabled: true, title };
  return h("button", props, words(action.text ?? action.name));
}

function colourOf(colour = "") {
  const digits = COLOUR.exec(colour)?.[1];
  return NAMED[colour] ?? (digits ? `#${digits}` : "var(--line)");
}
