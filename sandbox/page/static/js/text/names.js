/** People, channels and groups where they are mentioned. */

import { h } from "../dom.js";
import { open } from "../places.js";
import { conversation, state, user } from "../state.js";
import { openCard } from "./card.js";

/** A name one can press to see who it is; `label` is what the message calls somebody who is not known here. */
export function userMention(id, label = "") {
  const name = `@${user(id)?.name || label || id}`;
  if (!user(id)) return h("span", { class: "mention" }, name);
  const kind = `mention${id === state.me ? " me" : ""}`;
  const click = (event) => openCard(event.currentTarget, id);
  return h("button", { type: "button", class: kind, on: { click } }, name);
}

/** A channel's name, which leads there; of one that is not theirs to see only that there is one. */
export function channelMention(id, label = "") {
  const one = conversation(id);
  if (!one) return h("span", { class: "mention" }, label ? `#${label}` : "private channel");
  const href = `/?${new URLSearchParams({ as: state.as, in: id })}`;
  return h("a", { class: "mention", href, on: { click: (event) => follow(event, id) } }, `#${one.name}`);
}

export function groupMention(id, label = "") {
  const group = state.people.usergroups[id];
  const kind = `mention${group?.users?.includes(state.me) ? " me" : ""}`;
  return h("span", { class: kind, title: group?.name }, `@${group?.handle || label.replace(/^@/, "") || "group"}`);
}

export function broadcastMention(range) {
  return h("span", { class: "mention me" }, `@${range}`);
}

/** A pressed link opens here; one pressed with a key that asks for another window is the browser's. */
function follow(event, id) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(id);
}
