/** Slack's message markup as elements; sandbox/text.py reads the same words without a browser. */

import { h } from "../dom.js";
import { emoji } from "../emoji.js";
import { dateWords } from "./dates.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./names.js";

const ENTITIES = [["&lt;", "<"], ["&gt;", ">"], ["&amp;", "&"]];
const CODE = /```(.+?)```|`[^`\n]+`/gs;
const SEQUENCE = /<([^<>\n]+)>/;
const QUOTE = /^(?:>|&gt;) ?/;
const WHOLE = "`[^`\\n]+`|<[^<>\\n]+>"; // what is one thing within styled words
const WORD = "[\\p{L}\\p{N}]";
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/;

/** Words between two of the mark, which stand at the edges of words and take nothing of another line. */
function styled(name, mark) {
  const inner = `${WHOLE}|(?!${WHOLE})[^${mark}\\n]|(?<=${WORD})${mark}(?=${WORD})`;
  return `(?<!${WORD})(?<!${mark})${mark}(?=\\S)(?<${name}>(?:${inner})+?)(?<=\\S)${mark}(?!${WORD}|${mark})`;
}

const TAGS = { bold: "b", italic: "i", strike: "s" };
// In this order: whatever begins first in a line is read first, and nothing within code, links and emoji is a style.
const INLINE = new RegExp([
  "`(?<code>[^`\\n]+)`",
  "<(?<sequence>[^<>\\n]+)>",
  styled("bold", "\\*"),
  styled("italic", "_"),
  styled("strike", "~"),
  "(?<url>(?<![\\p{L}\\p{N}_])https?://[^\\s<>|`]*[^\\s<>|`.,;:!?'\")\\]*_~])",
  `(?<emoji>${EMOJI.source})`,
].join("|"), "gu");

/** Entities as the characters they stand for. */
export function unescape(text) {
  return ENTITIES.reduce((words, [entity, character]) => words.replaceAll(entity, character), text);
}

/** A link, only to where a link may lead. */
export function link(url, label) {
  const isSafe = /^(https?:|mailto:)/i.test(url);
  const shown = label || url.replace(/^mailto:/, "");
  return isSafe ? h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, shown) : shown;
}

/** The elements of a mrkdwn text; with `verbatim` bare addresses are no links. */
export function mrkdwn(text = "", { verbatim = false } = {}) {
  const shown = [];
  let end = 0;
  for (const code of text.matchAll(CODE)) {
    if (code[1] === undefined) continue; // code within a line is part of it
    const before = text.slice(end, code.index);
    end = code.index + code[0].length;
    const lineEnd = text[end] === "\n" ? "\n" : ""; // within the block it shows as no further line
    shown.push(prose(before, verbatim), h("pre", {}, codeWords(code[1].replace(/^\n+|\n+$/g, "")), lineEnd));
    end += lineEnd.length;
  }
  return [...shown, prose(text.slice(end), verbatim)];
}

/** Plain words in which only emoji are more than text. */
export function words(text = "") {
  return pieces(text, new RegExp(EMOJI, "g"), (found) => emoji(found[1]));
}

/** Lines, of which those that begin with > stand in a quote together; each line feed stays in what it ends. */
function prose(text, verbatim) {
  const runs = [];
  for (const line of text.split(/(?<=\n)/)) {
    const isQuote = QUOTE.test(line);
    if (runs.at(-1)?.isQuote === isQuote) runs.at(-1).text += line.replace(QUOTE, "");
    else runs.push({ isQuote, text: line.replace(QUOTE, "") });
  }
  return runs.map(({ isQuote, text: words }) => {
    const shown = inline(words, verbatim);
    return isQuote ? h("blockquote", {}, shown) : shown;
  });
}

function inline(text, verbatim) {
  return pieces(text, INLINE, ({ 0: whole, groups }) => {
    if (groups.code !== undefined) return h("code", {}, codeWords(groups.code));
    if (groups.sequence !== undefined) return sequence(groups.sequence);
    if (groups.url !== undefined) return verbatim ? unescape(whole) : link(unescape(whole));
    if (groups.emoji !== undefined) return emoji(whole.slice(1, -1));
    const [name, tag] = Object.entries(TAGS).find(([style]) => groups[style] !== undefined);
    return h(tag, {}, inline(groups[name], verbatim));
  });
}

/** Code as it stands; only what is in angle brackets is a link or a name in it, too. */
function codeWords(text) {
  return text.split(SEQUENCE).map((piece, i) => (i % 2 ? sequence(piece) : unescape(piece)));
}

/** The text between what the pattern finds, and what becomes of that. */
function pieces(text, pattern, draw) {
  const shown = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    shown.push(unescape(text.slice(end, found.index)), draw(found));
    end = found.index + found[0].length;
  }
  return [...shown, unescape(text.slice(end))].filter((piece) => piece !== "");
}

/** What stands in angle brackets: somebody, a channel, a group, everybody, a date or a link. */
function sequence(inside) {
  const [target, written = ""] = inside.split(/\|(.*)/s);
  const label = unescape(written);
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return broadcastMention(target.slice(1));
  return link(unescape(target), label && words(written));
}

/** A date of the form !date^seconds^tokens^link; the link is optional. */
function date(target, fallback) {
  const [, seconds, format = "", ...url] = target.split("^");
  if (!/^[0-9]{1,11}$/.test(seconds)) return fallback;
  const shown = dateWords(Number(seconds), unescape(format), fallback);
  return url.length ? link(unescape(url.join("^")), shown) : h("span", { title: fallback }, shown);
}
