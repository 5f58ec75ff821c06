/** The messages that are known: loaded a stretch at a time, kept true by what the workspace tells. */

import { act, ask, hear } from "./server.js";
import { change, conversation, state } from "./state.js";

const STRETCH = 60;

/** Load the newest stretch of a conversation, unless it is there. */
export async function load(id, { anew = false } = {}) {
  const known = state.stretches[id];
  if (known && !anew) return markRead(id);
  state.stretches[id] = { messages: known?.messages ?? [], more: false, isLoading: true };
  change();
  const { messages, more } = await ask("messages", { channel: id, limit: STRETCH });
  state.stretches[id] = { messages, more, isLoading: false };
  change();
  markRead(id);
}

/** Load the stretch before what is there. */
export async function loadEarlier(id) {
  const stretch = state.stretches[id];
  if (!stretch?.more || stretch.isLoading) return;
  stretch.isLoading = true;
  const { messages, more } = await ask("messages", { channel: id, limit: STRETCH, before: stretch.messages[0]?.ts ?? "" });
  state.stretches[id] = { messages: [...messages, ...stretch.messages], more, isLoading: false };
  change();
}

export async function loadThread(id, ts) {
  const { messages } = await ask("thread", { channel: id, ts }).catch(() => ({ messages: [] }));
  state.threads[ts] = messages;
  change();
}

/** The message with this ts, wherever it is known from. */
export function find(id, ts) {
  return [...(state.stretches[id]?.messages ?? []), ...Object.values(state.threads).flat()]
    .find((one) => one.ts === ts && one.channel === id);
}

/** Whoever has a conversation in front of them reads it. */
export function markRead(id) {
  const newest = state.stretches[id]?.messages.at(-1)?.ts;
  const one = conversation(id);
  if (newest && one?.is_member && id === state.at && !document.hidden && newest > one.last_read) {
    act("reads", { channel: id, ts: newest }).catch(() => {});
  }
}

export function hearMessages() {
  hear("messages", ({ channel, messages, gone }) => {
    for (const ts of gone) forget(channel, ts);
    for (const message of messages) place(channel, message);
    change();
    if (channel === state.at) markRead(channel);
  });
  hear("hello", () => {
    // After a break whatever is open is looked up again, and the rest when it is opened.
    const open = state.at;
    state.stretches = Object.fromEntries(Object.entries(state.stretches).filter(([id]) => id === open));
    if (open) load(open, { anew: true });
    if (open && state.thread) loadThread(open, state.thread);
  });
  document.addEventListener("visibilitychange", () => state.at && markRead(state.at));
}

function place(channel, message) {
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  const stretch = state.stretches[channel];
  if (stretch && !stretch.isLoading && (!isReply || message.is_broadcast)) {
    const isEarlier = stretch.more && stretch.messages.length && message.ts < stretch.messages[0].ts;
    if (!isEarlier) state.stretches[channel] = { ...stretch, messages: put(stretch.messages, message) };
  }
  const thread = message.thread_ts ?? message.ts;
  if (state.threads[thread]) state.threads[thread] = put(state.threads[thread], message);
}

function put(messages, message) {
  const at = messages.findLastIndex((one) => one.ts <= message.ts);
  const isThere = at >= 0 && messages[at].ts === message.ts;
  return [...messages.slice(0, isThere ? at : at + 1), message, ...messages.slice(at + 1)];
}

function forget(channel, ts) {
  const without = (messages) => messages.filter((one) => one.ts !== ts);
  const stretch = state.stretches[channel];
  if (stretch) state.stretches[channel] = { ...stretch, messages: without(stretch.messages) };
  for (const [thread, messages] of Object.entries(state.threads)) state.threads[thread] = without(messages);
}
