/** One message, with its menu. */

import { Blocks } from "./blocks/blocks.js";
import { h } from "./dom.js";
import { openThread } from "./places.js";
import { attempt } from "./server.js";
import { state, user } from "./state.js";
import { timeOf } from "./text/dates.js";
import { mrkdwn } from "./text/mrkdwn.js";

export function Message({ message, conversation, inThread = false }) {
  const author = user(message.author);
  const place = { kind: "message", channel: message.channel, ts: message.ts, values: message.values ?? {} };
  const thread = message.thread_ts ?? message.ts;
  return h("article", { key: message.ts, class: `message${message.is_ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts },
    h("img", { class: "picture", src: author?.picture, alt: "" }),
    h("div", { class: "body" },
      h("p", { class: "by" }, h("b", {}, message.username ?? author?.real_name ?? "somebody"), " ", h("time", {}, timeOf(message.ts))),
      message.blocks?.length ? Blocks({ blocks: message.blocks, place }) : h("p", {}, mrkdwn(message.text)),
      message.reactions?.length ? h("p", { class: "reactions" }, message.reactions.map((one) => h("button", {
        key: one.name, type: "button", "aria-pressed": String(one.users.includes(state.me)),
        on: { click: () => attempt(one.users.includes(state.me) ? "unreacts" : "reacts", { channel: message.channel, ts: message.ts, emoji: one.name }) },
      }, `:${one.name}: ${one.count}`))) : null,
      message.reply_count && !inThread ? h("button", { class: "link", type: "button", on: { click: () => openThread(message.channel, thread) } }, `${message.reply_count} replies`) : null));
}
