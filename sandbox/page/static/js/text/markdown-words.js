/** The Markdown within a line: styles, code, links, emoji, and Slack's own names in angle brackets. */

import { h } from "../dom.js";
import { emoji } from "../emoji.js";
import { link, mrkdwn, unescape } from "./mrkdwn.js";

const LABEL = "(?:[^\\[\\]\\n\\\\]|\\\\.|\\[[^\\[\\]\\n]*\\])+"; // brackets stand in it in pairs
const URL = "[^\\s()<>]+(?:\\([^\\s()]*\\)[^\\s()<>]*)?"; // and parentheses in this
const INLINE = new RegExp([
  "\\\\(?<literal>[\\\\`*_{}\\[\\]()#+\\-.!|>~<&:])",
  "(?<!`)(?<ticks>`+)(?!`)(?<code>.+?)(?<!`)\\k<ticks>(?!`)",
  `!?\\[(?<label>${LABEL})\\]\\(\\s*<?(?<url>${URL})>?(?:\\s+"[^"\\n]*")?\\s*\\)`,
  "(?<slack><(?:[@#][A-Z0-9]+|!(?:here|channel|everyone|subteam\\^|date\\^))[^<>\\n]*>)",
  "<(?<address>(?:https?://|mailto:)[^<>\\s]+)>",
  "\\*\\*(?=\\S)(?<bold>.+?)(?<=\\S)\\*\\*(?!\\*)",
  "(?<![\\p{L}\\p{N}_])__(?=\\S)(?<strong>.+?)(?<=\\S)__(?![\\p{L}\\p{N}_])",
  "~~(?=\\S)(?<strike>.+?)(?<=\\S)~~",
  "\\*(?=[^\\s*])(?<italic>(?:[^*\\n]|\\*\\*[^*\\n]+\\*\\*)+?)(?<=[^\\s*])\\*(?!\\*)",
  "(?<![\\p{L}\\p{N}_])_(?=[^\\s_])(?<slanted>.+?)(?<=[^\\s_])_(?![\\p{L}\\p{N}_])",
  "(?<bare>(?<![\\p{L}\\p{N}_])https?://[^\\s<>|`]*[^\\s<>|`.,;:!?'\")\\]*_~])",
  ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
].join("|"), "gu");

const DEEPEST = 6; // styles within each other

const DRAWN = {
  literal: (one) => one.literal,
  code: (one) => h("code", {}, one.code.replace(/^ (.*[^ ].*) $/, "$1")),
  // Slack shows an image in Markdown as a link to it.
  url: (one, depth) => link(unescape(one.url), markdownWords(one.label, depth + 1)),
  slack: (one) => mrkdwn(one.slack),
  address: (one) => link(one.address),
  bold: (one, depth) => h("b", {}, markdownWords(one.bold, depth + 1)),
  strong: (one, depth) => h("b", {}, markdownWords(one.strong, depth + 1)),
  strike: (one, depth) => h("s", {}, markdownWords(one.strike, depth + 1)),
  italic: (one, depth) => h("i", {}, markdownWords(one.italic, depth + 1)),
  slanted: (one, depth) => h("i", {}, markdownWords(one.slanted, depth + 1)),
  bare: (one) => link(unescape(one.bare)),
  emoji: (one) => emoji(one.emoji),
};

/** The elements of a line of Markdown. */
export function markdownWords(text, depth = 0) {
  if (depth > DEEPEST) return [text];
  const shown = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const kind = Object.keys(DRAWN).find((name) => found.groups[name] !== undefined);
    shown.push(unescape(text.slice(end, found.index)), DRAWN[kind](found.groups, depth));
    end = found.index + found[0].length;
  }
  return [...shown, unescape(text.slice(end))];
}
