/** The lines of a conversation or thread, each drawn anew only when something it shows has changed. */

import { h, lazy } from "./dom.js";
import { editingOf } from "./editing.js";
import { touched } from "./elements/values.js";
import { Message, placeOf } from "./message.js";
import { conversation, state } from "./state.js";
import { today } from "./text/dates.js";

const names = { of: null, words: "" };

/** Draw the pieces of a conversation: what `piecesOf` gives. */
export function Pieces(pieces) {
  const around = shownAround();
  return pieces.map((piece) => {
    const editing = piece.own.map((one) => editingOf(one, false)).find(Boolean);
    const needs = [piece, editing, ...piece.fromApps.map((one) => touched(placeOf(one))), ...around];
    return lazy(piece.key, needs, () => h("div", { key: piece.key, class: "piece" }, Lines(piece.rows)));
  });
}

/** Draw what `rowsOf` gives. */
export function Lines(rows, { isInThread = false } = {}) {
  const around = shownAround();
  return rows.map((row) => Line(row, around, isInThread));
}

function Line({ key, day, isNew, message, isFurther }, around, isInThread) {
  if (day) return lazy(key, [day], () => Divider(key, "day", day));
  if (isNew) return lazy(key, [], () => Divider(key, "new", "New"));
  const needs = [message, isFurther, isInThread, editingOf(message, isInThread), touched(placeOf(message)), ...around];
  return lazy(key, needs, () => Message({ message, isFurther, isInThread }));
}

/** What any message may show besides itself. */
function shownAround() {
  const { is_member: isMember, is_archived: isArchived } = conversation() ?? {};
  return [state.people, channelNames(), today(), isMember, isArchived];
}

/** A line across, with a word in it. */
export function Divider(key, kind, words) {
  return h("div", { key, class: `divider ${kind}`, role: "separator", "aria-label": words }, h("span", {}, words));
}

/** All that a mention of a channel can say, in one string: conversations change with every message that is read. */
function channelNames() {
  if (names.of !== state.conversations) {
    names.of = state.conversations;
    names.words = Object.values(state.conversations).map((one) => `${one.id} ${one.name}`).join();
  }
  return names.words;
}
