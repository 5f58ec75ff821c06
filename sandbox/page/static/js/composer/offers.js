/** What the word at the cursor may become: a command, somebody's or a group's name, a channel, an emoji. */

import { findEmoji } from "../emoji.js";
import { state } from "../state.js";

const MOST = 25;
const BROADCASTS = [
  { name: "here", note: "Notify every online member in this channel" },
  { name: "channel", note: "Notify everyone in this channel" },
];
/** Each kind: how the word looks up to the cursor, what the list is called, and what there is for what was typed. */
const KINDS = [
  { label: "Commands", pattern: /^(\/)(\S*)$/, find: commands, inThreads: false },
  { label: "People and groups", pattern: /(?:^|[\s(])(@)([\w.-]*)$/, find: names, inThreads: true },
  { label: "Channels", pattern: /(?:^|[\s(])(#)([\w-]*)$/, find: channels, inThreads: true },
  { label: "Emoji", pattern: /(?:^|[\s(])(:)([\w+-]{2,})$/, find: emojis, inThreads: true },
];

/** The offer for the text up to the cursor, or null: {label, start, end, options, at}; an option has an `insert`. */
export function offerFor(text, cursor, { conversation, thread }) {
  for (const { label, pattern, find, inThreads } of KINDS) {
    const [, sign, typed] = (inThreads || !thread) && text.slice(0, cursor).match(pattern) || [];
    const options = sign ? find(typed.toLowerCase(), conversation).slice(0, MOST) : [];
    if (options.length) return { label, start: cursor - typed.length - 1, end: cursor, options, at: 0 };
  }
  return null;
}

/** The command that a line begins with, once something may follow it. */
export function commandOf(text) {
  return state.app.commands.find((one) => text.startsWith(`${one.name} `));
}

function commands(typed) {
  return state.app.commands.filter((one) => one.name.slice(1).startsWith(typed)).map((one) => ({
    key: one.name, insert: `${one.name} `, label: one.name, hint: one.usage_hint, note: one.description,
    user: state.app.bot,
  }));
}

function names(typed, conversation) {
  const groups = Object.values(state.people.usergroups).filter((one) => begins(typed, one.handle, one.name));
  const isDirect = ["im", "mpim"].includes(conversation.kind);
  const broadcasts = isDirect ? [] : BROADCASTS.filter((one) => begins(typed, one.name));
  return [
    ...people(typed, conversation),
    ...broadcasts.map((one) => ({ key: one.name, insert: `@${one.name} `, label: `@${one.name}`, note: one.note })),
    ...groups.map((one) => ({ key: one.id, insert: `@${one.handle} `, label: `@${one.handle}`, note: one.name })),
  ];
}

function people(typed, conversation) {
  const isHere = (one) => conversation.members.includes(one.id);
  const present = Object.values(state.people.users).filter((one) => !one.deleted);
  const found = present.filter((one) => begins(typed, one.name, one.real_name));
  const isFirst = (one) => one.name.startsWith(typed) || one.real_name.toLowerCase().startsWith(typed);
  found.sort((a, b) => (b.name === typed) - (a.name === typed) || isHere(b) - isHere(a) || isFirst(b) - isFirst(a)
    || a.is_bot - b.is_bot || a.real_name.localeCompare(b.real_name));
  return found.map((one) => ({
    key: one.id, insert: `@${one.name} `, label: one.real_name, hint: one.name, user: one.id,
    note: isHere(one) ? (one.is_bot ? "App" : "") : "Not in this conversation",
  }));
}

function channels(typed, conversation) {
  const isChannel = (one) => !one.is_archived && ["public", "private"].includes(one.kind);
  const isFirst = (one) => one.name.startsWith(typed);
  const found = Object.values(state.conversations)
    .filter((one) => isChannel(one) && (isFirst(one) || one.name.includes(`-${typed}`)));
  found.sort((a, b) => (b === conversation) - (a === conversation) || isFirst(b) - isFirst(a)
    || b.is_member - a.is_member || a.name.localeCompare(b.name));
  return found.map((one) => ({ key: one.id, insert: `#${one.name} `, label: one.name, channel: one }));
}

function emojis(typed) {
  return findEmoji(typed).map(({ name, char }) => ({ key: name, insert: `:${name}: `, label: `:${name}:`, char }));
}

function begins(typed, ...names) {
  return names.some((name) => name.toLowerCase().startsWith(typed)
    || name.toLowerCase().split(/[\s.-]+/).some((word) => word.startsWith(typed)));
}
