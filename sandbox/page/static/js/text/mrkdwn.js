/** Slack's message markup as elements. */

import { h } from "../dom.js";
import { dateWords } from "./dates.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./names.js";

const ENTITIES = [["&lt;", "<"], ["&gt;", ">"], ["&amp;", "&"]];

export function unescape(text) {
  return ENTITIES.reduce((words, [entity, character]) => words.replaceAll(entity, character), text);
}

/** A link, only to where a link may lead. */
export function link(url, label) {
  const isSafe = /^(https?:|mailto:)/i.test(url);
  return isSafe ? h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, label || url) : label || url;
}

/** The elements of a mrkdwn text. */
export function mrkdwn(text = "") {
  return text.split(/(<[^<>]+>)/).filter(Boolean).map((part) => (/^<.+>$/s.test(part) ? sequence(part.slice(1, -1)) : unescape(part)));
}

function sequence(inside) {
  const [target, label = ""] = inside.split(/\|(.*)/s);
  if (target.startsWith("@")) return userMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1));
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9));
  if (target.startsWith("!date^")) {
    const [, seconds, format] = target.split("^");
    return dateWords(Number(seconds), format, unescape(label));
  }
  if (target.startsWith("!")) return broadcastMention(target.slice(1));
  return link(unescape(target), unescape(label));
}
