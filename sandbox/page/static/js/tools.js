/** What one can do with a message: react, reply, edit, pin, delete, copy, and what the app offers. */

import { confirmed } from "./confirm.js";
import { edit } from "./editing.js";
import { openEmojiPicker } from "./emoji-picker.js";
import { openMenu } from "./menu.js";
import { find } from "./messages.js";
import { openThread } from "./places.js";
import { isSystem, isTombstone } from "./rows.js";
import { attempt, notify } from "./server.js";
import { conversation, state } from "./state.js";
import { asTyped } from "./typed.js";

/** Whether nothing at all can be done with it. */
export const isPlain = (message) => Boolean(message.is_ephemeral) || isTombstone(message);

export const isOwn = (message) => message.author === state.me && !isPlain(message) && !isSystem(message);

/** Whether this person may change anything here. */
export function mayAct(message) {
  const one = conversation(message.channel);
  return Boolean(one?.is_member && !one.is_archived);
}

export function canReply(message, isInThread) {
  return !isInThread && !isSystem(message) && mayAct(message);
}

/** Have a reaction picked beside what was pressed. */
export function pickReaction(message, anchor) {
  openEmojiPicker(anchor, (name) => react(message, name));
}

/** React to a message, or take that back. */
export function react(message, name) {
  const now = find(message.channel, message.ts) ?? message;
  const isMine = now.reactions?.find((one) => one.name === name)?.users.includes(state.me);
  return attempt(isMine ? "unreacts" : "reacts", { ...idsOf(message), emoji: name });
}

export const reply = (message) => openThread(message.channel, message.thread_ts ?? message.ts);

/** Delete a message, once asked. */
export async function remove(message) {
  const text = "Are you sure you want to delete this message? This cannot be undone.";
  if (await confirmed({ title: "Delete message", text, confirm: "Delete", deny: "Cancel", style: "danger" })) {
    await attempt("deletes", idsOf(message));
  }
}

/** Show everything else that can be done. */
export function openMore(message, anchor, isInThread) {
  openMenu(anchor, moreOf(find(message.channel, message.ts) ?? message, isInThread), { label: "More actions" });
}

/** What a letter does to the message that has the focus: a function, or null. */
export function shortcutOf(key, article) {
  const message = find(article.dataset.channel, article.dataset.ts);
  if (!message || isPlain(message) || !mayAct(message)) return null;
  const isInThread = Boolean(article.closest(".thread"));
  const keys = {
    r: () => pickReaction(message, article),
    p: () => pin(message),
    ...(canReply(message, isInThread) && { t: () => reply(message) }),
    ...(isOwn(message) && { e: () => edit(message, isInThread), Delete: () => remove(message) }),
  };
  return Object.hasOwn(keys, key) ? keys[key] : null;
}

function moreOf(message, isInThread) {
  const copy = { label: "Copy text", act: () => copyText(message) };
  if (!mayAct(message)) return [copy];
  const own = isOwn(message);
  const isChannel = ["public", "private"].includes(conversation(message.channel).kind);
  const place = isChannel ? "this channel" : "this conversation";
  return [
    own && { label: "Edit message", act: () => edit(message, isInThread) },
    copy,
    { label: message.pinned ? `Unpin from ${place}` : `Pin to ${place}`, act: () => pin(message) },
    ...shortcutsFor(message),
    own && { isSeparator: true },
    own && { label: "Delete message…", isDanger: true, act: () => remove(message) },
  ].filter(Boolean);
}

function shortcutsFor(message) {
  const own = state.app.shortcuts.filter((one) => one.kind === "message");
  const { name: note } = state.app;
  const items = own.map(({ name }) => ({ label: name, note, act: () => runShortcut(message, name) }));
  return items.length ? [{ isSeparator: true }, ...items] : [];
}

async function runShortcut(message, name) {
  const done = await attempt("message_shortcut", { ...idsOf(message), name });
  if (done?.failed) notify(`${state.app.name} did not answer “${name}” in time. Try again.`);
}

function pin(message) {
  return attempt(message.pinned ? "unpins" : "pins", idsOf(message));
}

async function copyText(message) {
  try {
    await navigator.clipboard.writeText(asTyped(message.text));
    notify("Copied.");
  } catch {
    notify("The browser does not let this page copy.");
  }
}

const idsOf = ({ channel, ts }) => ({ channel, ts });
