/** The messages that are known: loaded a stretch at a time, kept true by what the workspace tells. */

import { act, ask, hear, notify } from "./server.js";
import { change, conversation, state } from "./state.js";

const STRETCH = 60;
const MOST = 5000;

/** What is told of a conversation while something of it is being loaded: by id, a list for each load. */
const listening = {};
let visited = null;

/** Load the newest stretch of a conversation, unless it is there. */
export async function load(id, { anew = false } = {}) {
  visit(id);
  const known = state.stretches[id];
  if (known && !anew) return markRead(id);
  const messages = known?.messages ?? [];
  const token = begin(id, { messages, more: false });
  const loaded = await asked("messages", id, { limit: Math.min(Math.max(messages.length, STRETCH), MOST) });
  if (state.stretches[id]?.token !== token) return;
  const belongs = loaded && inChannel(loaded);
  if (loaded) state.stretches[id] = { messages: withPushes(loaded.messages, loaded.told, belongs), more: loaded.more };
  else delete state.stretches[id];
  change();
  markRead(id);
}

/** Load the stretch before what is there. */
export async function loadEarlier(id) {
  const stretch = state.stretches[id];
  if (!stretch?.more || stretch.token) return;
  const before = stretch.messages[0].ts;
  const token = begin(id, stretch);
  const loaded = await asked("messages", id, { limit: STRETCH, before });
  const now = state.stretches[id];
  if (now?.token !== token) return;
  const isEarlier = (message) => message.ts < before && inChannel(loaded)(message);
  const earlier = loaded ? withPushes(loaded.messages, loaded.told, isEarlier) : [];
  // After a failure nothing more is asked for, until the workspace answers again and all is looked up anew.
  state.stretches[id] = { messages: [...earlier, ...now.messages], more: loaded?.more ?? false };
  change();
}

/** Load the thread that is open; the one that was open before is let go, for nobody keeps it true. */
export async function loadThread(id, ts) {
  const known = state.replies?.channel === id && state.replies.ts === ts ? state.replies.messages : [];
  const replies = { channel: id, ts, messages: known, isLoading: true };
  state.replies = replies;
  change();
  const loaded = await asked("thread", id, { ts });
  if (state.replies?.channel !== id || state.replies.ts !== ts) return;
  const messages = loaded ? withPushes(loaded.messages, loaded.told, inThread(ts)) : [];
  change({ replies: { channel: id, ts, messages, isLoading: false } });
}

/** The message with this ts, wherever it is known from. */
export function find(id, ts) {
  const isIt = (one) => one.ts === ts;
  const replies = state.replies?.channel === id ? state.replies.messages : [];
  return state.stretches[id]?.messages.findLast(isIt) ?? replies.find(isIt);
}

/** Whoever has the end of a conversation in front of them reads it. */
function markRead(id) {
  const newest = state.stretches[id]?.messages.at(-1)?.ts;
  const one = conversation(id);
  if (newest && one?.is_member && isBeingRead(id) && newest > one.last_read) {
    act("reads", { channel: id, ts: newest }).catch(() => {});
  }
}

/** The reader has gone away from the newest messages, or come back to them. */
export function goAway(isAway) {
  if (state.isAway === isAway) return;
  change({ isAway });
  markRead(state.at);
}

export function hearMessages() {
  hear("messages", (push) => {
    for (const told of listening[push.channel] ?? []) told.push(push);
    noteNew(push);
    overlay(push);
    change();
    markRead(push.channel);
  });
  hear("hello", () => {
    // After a break whatever is open is looked up again, and the rest when it is opened.
    const open = state.at;
    state.stretches = Object.fromEntries(Object.entries(state.stretches).filter(([id]) => id === open));
    if (open) load(open, { anew: true });
    if (open && state.thread) loadThread(open, state.thread);
    else state.replies = null;
  });
  document.addEventListener("visibilitychange", () => state.at && markRead(state.at));
}

/** Somebody comes to a conversation: what is new to them stays marked until they go. */
function visit(id) {
  if (visited === id || id !== state.at) return;
  visited = id;
  const one = conversation(id);
  state.newSince = one?.unread ? one.last_read : null;
  state.isAway = false;
  // Of what was scrolled through elsewhere the newest are enough.
  for (const [other, stretch] of Object.entries(state.stretches)) {
    const isLong = stretch.messages.length > 2 * STRETCH && !stretch.token;
    if (isLong) state.stretches[other] = { messages: stretch.messages.slice(-STRETCH), more: true };
  }
}

const isBeingRead = (id) => id === state.at && state.tab === "messages" && !document.hidden && !state.isAway;

/** What comes while nobody looks is marked as new; one's own words end that. */
function noteNew({ channel, messages }) {
  const newest = state.stretches[channel]?.messages.at(-1)?.ts;
  if (channel !== state.at || !newest) return;
  const fresh = messages.filter((one) => one.ts > newest && inChannel({ more: false })(one));
  if (fresh.some((one) => one.author === state.me)) state.newSince = null;
  else if (fresh.length && !isBeingRead(channel) && !conversation(channel).unread) state.newSince = newest;
}

/** Mark that something of a conversation is being loaded: the token is gone once something else was begun. */
function begin(id, { messages, more }) {
  const token = {};
  state.stretches[id] = { messages, more, token };
  change();
  return token;
}

/** An answer, with all that was told of the conversation meanwhile (`told`); null where there was none. */
async function asked(path, channel, query) {
  const told = [];
  const lists = (listening[channel] ??= new Set());
  lists.add(told);
  try {
    return { ...(await ask(path, { channel, ...query })), told };
  } catch (fault) {
    notify(fault.message);
    return null;
  } finally {
    lists.delete(told);
  }
}

function overlay(push) {
  const stretch = state.stretches[push.channel];
  if (stretch) {
    state.stretches[push.channel] = { ...stretch, messages: withPushes(stretch.messages, [push], inChannel(stretch)) };
  }
  if (state.replies?.channel === push.channel) {
    const { messages, ts } = state.replies;
    state.replies = { ...state.replies, messages: withPushes(messages, [push], inThread(ts)) };
  }
}

/** Whether a message stands in a stretch: replies only if they were sent to the channel too, earlier ones not yet. */
function inChannel({ more, messages: [first] = [] }) {
  const isReply = (one) => one.thread_ts && one.thread_ts !== one.ts && !one.is_broadcast;
  return (one) => !isReply(one) && !(more && first && one.ts < first.ts);
}

const inThread = (ts) => (one) => (one.thread_ts ?? one.ts) === ts;

/** Messages after these pushes, in their order: what is gone left out, what `belongs` there put in or exchanged. */
function withPushes(messages, pushes, belongs) {
  let after = messages;
  for (const { gone, messages: fresh } of pushes) {
    if (after.some((one) => gone.includes(one.ts))) after = after.filter((one) => !gone.includes(one.ts));
    for (const message of fresh.filter(belongs)) after = put(after, message);
  }
  return after;
}

function put(messages, message) {
  const at = messages.findLastIndex((one) => one.ts <= message.ts);
  const isThere = at >= 0 && messages[at].ts === message.ts;
  return [...messages.slice(0, isThere ? at : at + 1), message, ...messages.slice(at + 1)];
}
