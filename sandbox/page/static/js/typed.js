/** Slack's markup turned back into what a person would type. */

import { conversation, state, user } from "./state.js";
import { unescape } from "./text/mrkdwn.js";

/** The words of a message as they would be typed: @names, #channels and plain addresses. */
export function asTyped(text) {
  return unescape(text.replace(/<([^<>]+)>/g, (_, inside) => written(...inside.split(/\|(.*)/s))));
}

function written(target, label) {
  if (target.startsWith("@")) return `@${user(target.slice(1))?.name ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${conversation(target.slice(1))?.name ?? (label || "private-channel")}`;
  if (target.startsWith("!subteam^")) return `@${state.people.usergroups[target.slice(9)]?.handle ?? "group"}`;
  if (target.startsWith("!date^")) return label ?? "";
  if (target.startsWith("!")) return `@${target.slice(1)}`;
  return label || target;
}
