/** A thread, at the right. */

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { Message } from "./message.js";
import { closeThread } from "./places.js";
import { conversation, state } from "./state.js";

export function Thread() {
  const messages = state.threads[state.thread] ?? [];
  const one = conversation();
  return h("aside", { class: "right thread", key: `thread ${state.thread}`, "aria-label": "Thread" },
    h("header", {}, h("h2", {}, "Thread"), h("button", { type: "button", "aria-label": "Close the thread", on: { click: closeThread } }, "×")),
    h("div", { class: "scroll" }, messages.map((message) => Message({ message, conversation: one, inThread: true }))),
    one ? Composer({ conversation: one, thread: state.thread }) : null);
}
