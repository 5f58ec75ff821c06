/** The road to the workspace: asking, doing, and hearing what is new. */

import { change, state } from "./state.js";

/** What Slack's codes mean to somebody who reads them. */
const WORDS = {
  channel_not_found: "That conversation is not here.",
  not_in_channel: "Join the channel first.",
  is_archived: "This channel is archived.",
  cant_update_message: "Only its author can edit a message.",
  cant_delete_message: "Only its author can delete a message.",
  name_taken: "There is a channel of that name already.",
  account_inactive: "This account is switched off.",
  invalid_name_specials: "A name has small letters, digits, hyphens and underscores only.",
  invalid_name_punctuation: "A name needs at least one letter or digit.",
  restricted_action: "A guest may not do that.",
  not_authorized: "Only whoever made the channel, or an admin, may do that.",
  last_member: "Its last member cannot leave a channel; archive it instead.",
  too_long: "That is longer than it may be.",
  messages_tab_disabled: "Sending messages to this app is switched off.",
};

export class Refused extends Error {}

/** Look something up; `query` beside who looks. */
export async function ask(path, query = {}) {
  return answered(await fetch(address(path, query)));
}

/** Have somebody do something, oneself if nobody else; gives what came of it, and raises Refused with a sentence. */
export async function act(deed, body = {}, as = state.as) {
  return send(`do/${deed}`, body, { as });
}

/** Send JSON to a route of the page. */
export async function send(path, body, query = {}) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(address(path, query), { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Send files: into a conversation, or without one for a form. */
export async function upload(files, fields = {}) {
  const body = new FormData();
  for (const file of files) body.append("file", file, file.name);
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  return answered(await fetch(address("upload"), { method: "POST", body }));
}

/** As `act`, but a refusal becomes a notice instead of an error; gives null then. */
export async function attempt(deed, body) {
  try {
    return await act(deed, body);
  } catch (fault) {
    notify(fault.message);
    return null;
  }
}

/** Show a sentence for a while. */
export function notify(words) {
  const notice = { words };
  change({ notice });
  setTimeout(() => state.notice === notice && change({ notice: null }), 6000);
}

export function address(path, query = {}) {
  return `/page/${path}?${new URLSearchParams({ as: state.as, ...query })}`;
}

async function answered(response) {
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw new Refused(body.words || WORDS[body.error] || `Slack would say: ${body.error ?? response.status}`);
}

let socket = null;
let watched = [];
const listeners = {};

/** Have this called with every push of this type; see hub.py. */
export function hear(type, listener) {
  (listeners[type] ??= []).push(listener);
}

/** Ask for further streams, such as "wire", or for none. */
export function watch(names) {
  watched = names;
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: watched }));
}

/** Listen to the workspace, for as long as the page is open. */
export function connect() {
  socket = new WebSocket(address("socket").replace(/^/, `ws://${location.host}`));
  socket.onopen = () => {
    change({ isConnected: true });
    watch(watched);
  };
  socket.onmessage = (event) => {
    const push = JSON.parse(event.data);
    for (const listener of listeners[push.type] ?? []) listener(push);
  };
  socket.onclose = () => {
    change({ isConnected: false });
    setTimeout(connect, 1000);
  };
}
