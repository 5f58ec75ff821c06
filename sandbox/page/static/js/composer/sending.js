/** Sending what is written: a message, files with words, or a command; what cannot be sent comes back. */

import { act, Refused, upload } from "../server.js";
import { change, state } from "../state.js";
import { attach, isBlank, write } from "./writing.js";

let last = Promise.resolve(); // messages arrive in the order in which they were sent

/** Send it all; the box is free for the next words at once. */
export function send(writing) {
  if (isBlank(writing)) return null;
  writing.trouble = null;
  writing.offer = null;
  if (writing.text.startsWith("/") && !writing.files.length) return command(writing);
  last = message(writing, last);
  return last;
}

async function message(writing, before) {
  const { channel, thread, text, files, isBroadcast } = writing;
  clear(writing);
  await before;
  try {
    if (files.length) await upload(files, { channel, thread_ts: thread, text: text.trim() });
    else await act("types", { channel, text: text.trim(), thread_ts: thread, broadcast: isBroadcast });
  } catch (fault) {
    attach(writing, files);
    giveBack(writing, text, reason(fault));
  }
}

async function command(writing) {
  const line = writing.text.trim().replace(/\s+/, " ");
  const [name] = line.split(" ");
  if (writing.thread) return complain(writing, `${name} is not supported in threads. Sorry!`);
  if (!state.app.commands.some((one) => one.name === name)) {
    return complain(writing, `${name} is not a valid command. To send it as a message, put a space before it.`);
  }
  clear(writing);
  try {
    const { failed } = await act("command", { channel: writing.channel, line });
    if (failed) giveBack(writing, line, `${name} failed with the error "${failed}"`);
  } catch (fault) {
    giveBack(writing, line, reason(fault));
  }
  return null;
}

function clear(writing) {
  writing.files = [];
  writing.isBroadcast = false;
  write(writing, "");
}

function complain(writing, words) {
  writing.trouble = { words, line: "" };
  change();
}

/** The words return to the box, or wait beside the complaint where something else has been written since. */
function giveBack(writing, line, words) {
  const isFree = !writing.text;
  writing.trouble = { words, line: isFree ? "" : line };
  if (isFree) write(writing, line);
  change();
}

function reason(fault) {
  return fault instanceof Refused ? fault.message : "This did not reach the workspace. Send it again.";
}
