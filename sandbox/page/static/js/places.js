/** Where in the workspace one is, kept in the page's address so that Back works and a window can be sent to a friend. */

import { load, loadThread } from "./messages.js";
import { act, attempt } from "./server.js";
import { appConversation, change, conversation, state } from "./state.js";

/** Go to a conversation; `thread` opens a thread beside it, `tab` one of the app's: home, messages or about. */
export function open(id, { thread = null, tab = "messages", keep = false, isApp = id === appConversation()?.id } = {}) {
  change({ at: id, thread, tab, panel: thread ? null : state.panel, ...(!thread && { replies: null }) });
  const query = new URLSearchParams({ as: state.as, ...(id && { in: id }), ...(thread && { thread }), ...(tab === "home" && { tab }) });
  if (!keep) history.pushState(null, "", `/?${query}`);
  if (!id) return;
  load(id);
  if (thread) loadThread(id, thread);
  if (isApp && tab !== "about") act("opens_home", { tab }).catch(() => {});
}

/** Go to the app; the first time, this makes the conversation with it. */
export async function openApp(tab = state.app.home_tab ? "home" : "messages") {
  const opened = await attempt("opens", { users: [state.app.bot] });
  if (opened) open(opened.channel, { tab, isApp: true });
}

/** Go to the direct messages with somebody. */
export async function openWith(id) {
  const opened = await attempt("opens", { users: [id] });
  if (opened) open(opened.channel);
}

/** Go where an address says, or to the first conversation there is. */
export function follow(search) {
  const query = new URLSearchParams(search);
  const first = Object.values(state.conversations).find((one) => one.is_general) ?? Object.values(state.conversations)[0];
  const wanted = conversation(query.get("in")) ?? first;
  if (wanted) open(wanted.id, { thread: query.get("thread"), tab: query.get("tab") ?? "messages", keep: true });
}

export const openThread = (id, ts) => open(id, { thread: ts });
export const closeThread = () => open(state.at, { tab: state.tab });

/** Look through somebody else's eyes, in this window. */
export function become(name) {
  location.assign(`/?${new URLSearchParams({ as: name, ...(state.at && { in: state.at }) })}`);
}
