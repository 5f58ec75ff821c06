/** A thread, at the right: the message, its replies, and where one answers. */

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Divider, Lines } from "./lines.js";
import { Log } from "./log.js";
import { find } from "./messages.js";
import { closeThread } from "./places.js";
import { rowsOf } from "./rows.js";
import { conversation, nameOf, state } from "./state.js";

export function Thread() {
  const one = conversation();
  const where = one && (one.kind === "im" ? nameOf(one) : `#${nameOf(one)}`);
  return h("aside", {
    class: "right thread", key: `thread ${state.thread}`, "aria-label": "Thread", on: { keydown },
  }, h("header", { class: "panel-head" },
    h("h2", {}, "Thread", where ? h("span", { class: "where" }, where) : null),
    h("button", { type: "button", "aria-label": "Close the thread", title: "Close", on: { click: close } },
      icon("close"))),
    Replies(one),
    one ? Composer({ conversation: one, thread: state.thread }) : null);
}

function Replies(one) {
  const { messages = [], isLoading = true } = state.replies ?? {};
  if (!messages.length) {
    return h("p", { key: "none", class: "empty scroll" }, isLoading ? "" : "This thread is not here any more.");
  }
  const [parent, ...replies] = messages;
  const last = messages.at(-1);
  const count = replies.filter((reply) => !reply.is_ephemeral).length;
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return Log({
    label: "Messages in the thread", isInThread: true, find: (ts) => find(one?.id, ts),
    newest: { ts: last.ts, isMine: last.author === state.me },
    rows: [
      Within(rowsOf([parent])),
      count ? Divider("count", "count", words) : null,
      Within(rowsOf(replies)),
    ],
  });
}

/** Threads show no days. */
const Within = (rows) => Lines(rows.filter((row) => !row.day), { isInThread: true });

function keydown(event) {
  const isWriting = event.target.value || event.target.isContentEditable;
  if (event.key === "Escape" && !event.defaultPrevented && !isWriting) close();
}

/** Back to the message whose thread this was. */
function close() {
  const { thread } = state;
  closeThread();
  const all = [...document.querySelectorAll(".middle article.message")];
  all.find((one) => one.dataset.ts === thread)?.focus({ preventScroll: true });
}
