/** The lines of a conversation or thread, each drawn anew only when something it shows has changed. */

import { h, lazy } from "./dom.js";
import { editingOf } from "./editing.js";
import { touched } from "./elements/values.js";
import { Message, placeOf } from "./message.js";
import { conversation, state } from "./state.js";
import { today } from "./text/dates.js";

const names = { of: null, words: "" };

/** Draw what `rowsOf` gives. */
export function Lines(rows, { isInThread = false } = {}) {
  const around = [state.people, channelNames(), today(), isInThread];
  return rows.map((row) => Line(row, around, isInThread));
}

function Line({ key, day, isNew, message, isFurther }, around, isInThread) {
  if (day) return lazy(key, [day], () => Divider(key, "day", day));
  if (isNew) return lazy(key, [], () => Divider(key, "new", "New"));
  const { is_member: isMember, is_archived: isArchived } = conversation(message.channel) ?? {};
  const own = [message, isFurther, isMember, isArchived, editingOf(message, isInThread), touched(placeOf(message))];
  return lazy(key, [...own, ...around], () => Message({ message, isFurther, isInThread }));
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
