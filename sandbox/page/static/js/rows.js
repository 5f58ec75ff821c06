/** Which lines a conversation is shown in: messages, those of one author together, between the lines that part days. */

import { me, state } from "./state.js";
import { dayOf, today } from "./text/dates.js";

const TOGETHER = 5 * 60; // seconds

/** The lines for these messages, oldest first: {key, day}, {key, isNew} and {key, message, isFurther}. */
export function rowsOf(messages, { newSince = null, isWhole = true } = {}) {
  const rows = [];
  const isNew = firstOf(messages, newSince, isWhole);
  const dayAt = daysFrom();
  let before = null;
  for (const message of messages) {
    const day = dayAt(message.ts);
    const isNextDay = !before || dayAt(before.ts) !== day;
    if (isNextDay) rows.push({ key: `day ${day}`, day });
    if (message === isNew) rows.push({ key: "new", isNew: true });
    rows.push({ key: message.ts, message, isFurther: !isNextDay && message !== isNew && goTogether(before, message) });
    before = message;
  }
  return rows;
}

/** Joins, topics, and the rest of what Slack says about a conversation itself. */
export function isSystem(message) {
  return /^(channel|group)_/.test(message.subtype ?? "");
}

export const isTombstone = (message) => message.subtype === "tombstone";

/** The first message the reader has not seen, if there are seen ones before it. */
function firstOf(messages, newSince, isWhole) {
  if (newSince === null) return null;
  const isNews = (one) => one.author !== state.me && !isSystem(one) && !isTombstone(one);
  const at = messages.findIndex((one) => one.ts > newSince && isNews(one));
  return at > 0 || (at === 0 && isWhole && newSince) ? messages[at] : null;
}

function goTogether(before, message) {
  const stands = (one) => isSystem(one) || isTombstone(one) || one.is_broadcast;
  const isSoon = Number(message.ts) - Number(before.ts) < TOGETHER;
  return isSoon && lookAlike(before, message) && !stands(before) && !stands(message);
}

/** Whether the lines with their authors' names would be the same. */
function lookAlike(a, b) {
  return a.author === b.author && a.username === b.username && a.is_ephemeral === b.is_ephemeral &&
    a.icons?.emoji === b.icons?.emoji && a.icons?.image_48 === b.icons?.image_48;
}

/** Days by ts: telling them anew for thousands of messages would take longer than drawing those. */
const days = new Map();
let daysAre = "";

function daysFrom() {
  const since = `${today()} ${me()?.tz}`;
  if (since !== daysAre) days.clear();
  daysAre = since;
  return (ts) => {
    if (!days.has(ts)) days.set(ts, dayOf(ts));
    return days.get(ts);
  };
}
