/** What somebody is writing in one place: words and files not yet sent, kept while they look elsewhere. */

import { change, state } from "../state.js";

const writings = new Map();

/** The draft of a conversation, or of a thread in it. */
export function writingAt(conversation, thread) {
  const key = ["draft", state.team.id, state.as, conversation.id, thread ?? ""].join(" ");
  if (!writings.has(key)) writings.set(key, blank(key, conversation.id, thread));
  return writings.get(key);
}

function blank(key, channel, thread) {
  const text = sessionStorage.getItem(key) ?? "";
  // `trouble` is what came of what was sent last: {words, line}; `offer` what the words at the cursor may become.
  return { key, channel, thread, text, files: [], isBroadcast: false, trouble: null, offer: null };
}

/** Have these words in the box; they outlive a change of conversation, of person, and a reload. */
export function write(writing, text) {
  writing.text = text;
  if (text) sessionStorage.setItem(writing.key, text);
  else sessionStorage.removeItem(writing.key);
  change();
}

/** Hold these files until the words are sent. */
export function attach(writing, files) {
  writing.files = [...writing.files, ...files];
  change();
}

/** Send without this file after all. */
export function detach(writing, file) {
  writing.files = writing.files.filter((one) => one !== file);
  change();
}

/** Whether something waits to be sent. */
export const isBlank = (writing) => !writing.text.trim() && !writing.files.length;
