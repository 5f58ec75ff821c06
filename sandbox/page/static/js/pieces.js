/**
 * A long conversation in pieces: drawing a message anew then looks at the messages around it, not at thousands. A piece
 * stays the same object while nothing in it has changed; no message ever moves from one piece to another.
 */

import { rowsOf } from "./rows.js";
import { me, state } from "./state.js";
import { today } from "./text/dates.js";

const MOST = 120; // messages in a piece

/** By conversation: what its pieces were made of, and they themselves. */
const made = new Map();

/** The pieces of these messages, oldest first: {key, rows, own: what oneself wrote, fromApps}; see rowsOf. */
export function piecesOf(id, messages, { newSince, isWhole }) {
  const of = [messages, newSince, isWhole, today(), me()?.tz];
  const before = made.get(id) ?? { of: [], pieces: [] };
  if (of.every((one, i) => one === before.of[i])) return before.pieces;
  const marks = marksOf(messages, before.pieces.map((piece) => piece.key));
  const pieces = split(rowsOf(messages, { newSince, isWhole }), marks).map((piece) => kept(piece, before.pieces));
  made.set(id, { of, pieces });
  return pieces;
}

/** The ts with which each piece begins: those known already, and further ones for what has come before and after. */
function marksOf(messages, known) {
  if (!messages.length) return [];
  const marks = [];
  const later = known.filter((ts) => ts > messages[0].ts);
  let count = 0;
  for (const { ts } of messages) {
    let mark = marks.length ? null : known.findLast((one) => one <= ts) ?? ts;
    while (later[0] <= ts) mark = later.shift(); // whether or not its own message is still there
    if (!mark && count >= MOST) mark = ts;
    if (mark) marks.push(mark);
    count = mark ? 1 : count + 1;
  }
  return marks;
}

/** The rows from each mark to the next; lines between messages go with the message they stand before. */
function split(rows, marks) {
  const pieces = [];
  let between = [];
  for (const row of rows) {
    between.push(row);
    if (!row.message) continue;
    if (row.message.ts >= marks[pieces.length]) pieces.push({ key: marks[pieces.length], rows: [] });
    pieces.at(-1).rows.push(...between);
    between = [];
  }
  return pieces;
}

/** The piece as it was, if it is the same. */
function kept(piece, before) {
  const old = before.find((one) => one.key === piece.key);
  const isSame = old?.rows.length === piece.rows.length && piece.rows.every((row, i) => areSame(row, old.rows[i]));
  return isSame ? old : described(piece);
}

/** Besides what it holds: the messages that may be edited, and those that may have buttons and menus. */
function described(piece) {
  const messages = piece.rows.map((row) => row.message).filter(Boolean);
  const own = messages.filter((one) => one.author === state.me);
  return { ...piece, own, fromApps: messages.filter((one) => one.bot_id) };
}

function areSame(a, b) {
  return a.key === b.key && a.message === b.message && a.isFurther === b.isFurther;
}
