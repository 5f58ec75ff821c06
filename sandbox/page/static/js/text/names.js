/** People, channels and groups where they are mentioned. */

import { h } from "../dom.js";
import { open } from "../places.js";
import { conversation, state, user } from "../state.js";

export function userMention(id) {
  return h("span", { class: `mention${id === state.me ? " me" : ""}` }, `@${user(id)?.name ?? id}`);
}

export function channelMention(id) {
  const one = conversation(id);
  if (!one) return h("span", { class: "mention" }, "private channel");
  return h("a", { class: "mention", href: `/?as=${state.as}&in=${id}`, on: { click: (event) => { event.preventDefault(); open(id); } } }, `#${one.name}`);
}

export function groupMention(id) {
  return h("span", { class: "mention" }, `@${state.people.usergroups[id]?.handle ?? "group"}`);
}

export function broadcastMention(range) {
  return h("span", { class: "mention me" }, `@${range}`);
}
