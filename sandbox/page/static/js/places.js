/** Where in the workspace one is, kept in the page's address so that Back works and a window can be sent to a friend. */

import { load, loadThread } from "./messages.js";
import { act } from "./server.js";
import { appConversation, change, conversation, state } from "./state.js";

/** Go to a conversation; `thread` opens a thread beside it, `tab` one of the app's. */
export function open(id, { thread = null, tab = "messages", keep = false } = {}) {
  change({ at: id, thread, tab, panel: thread ? null : state.panel });
  const query = new URLSearchParams({ as: state.as, ...(id && { in: id }), ...(thread && { thread }), ...(tab === "home" && { tab }) });
  if (!keep) history.pushState(null, "", `/?${query}`);
  if (!id) return;
  load(id);
  if (thread) loadThread(id, thread);
  if (id === appConversation()?.id) act("opens_home", { tab }).catch(() => {});
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
