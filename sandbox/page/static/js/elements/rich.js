/** Rich text while somebody writes it: its words with their marks, of which the workspace makes what Slack would. */

import { conversation, state, user } from "../state.js";

const MARKS = [["bold", "*"], ["italic", "_"], ["strike", "~"], ["code", "`"]];

/** Typed words as a value on its way to the workspace, which composes them. */
export const typedValue = (words) => (words ? { type: "rich_text", typed: words } : null);

/** The words of a value, as one types them. */
export function wordsOf(value) {
  return value?.typed ?? (value?.elements ?? []).map(part).join("\n");
}

function part(one) {
  if (one.type === "rich_text_list") return one.elements.map((item, at) => point(one, at) + line(item)).join("\n");
  if (one.type === "rich_text_quote") return line(one).replace(/^/gm, "> ");
  if (one.type === "rich_text_preformatted") return `\`\`\`\n${line(one)}\n\`\`\``;
  return line(one);
}

function point({ style, indent = 0, offset = 0 }, at) {
  return "  ".repeat(indent) + (style === "ordered" ? `${offset + at + 1}. ` : "- ");
}

const line = (one) => (one.elements ?? []).map(leaf).join("");

function leaf(one) {
  const worn = MARKS.filter(([name]) => one.style?.[name]).map(([, mark]) => mark);
  return [...worn, bare(one), ...worn.toReversed()].join("");
}

function bare(one) {
  if (one.type === "emoji") return `:${one.name}:`;
  if (one.type === "user") return `@${user(one.user_id)?.name ?? one.user_id}`;
  if (one.type === "channel") return `#${conversation(one.channel_id)?.name ?? one.channel_id}`;
  if (one.type === "usergroup") return `@${state.people.usergroups[one.usergroup_id]?.handle ?? one.usergroup_id}`;
  return one.type === "broadcast" ? `@${one.range}` : one.text ?? one.url ?? "";
}
