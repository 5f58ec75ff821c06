/** The conversation in the middle: its messages, or the app's Home, and where one writes. */

import { About } from "./about.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { Home } from "./home.js";
import { icon } from "./icons.js";
import { Pieces } from "./lines.js";
import { Log, toEnd } from "./log.js";
import { find, goAway, loadEarlier } from "./messages.js";
import { piecesOf } from "./pieces.js";
import { conversation, nameOf, state } from "./state.js";

export function Conversation() {
  const one = conversation();
  if (!one) return h("p", { class: "empty", key: "nothing" }, "You are in no conversation yet.");
  if (one.with === state.app.bot && state.tab === "home") return Home();
  if (one.with === state.app.bot && state.tab === "about") return About();
  return h("section", { class: "conversation", key: one.id, "aria-label": "Messages" },
    h("div", { class: "reading" }, Messages(one), state.isAway ? Newest(one) : null, Unread(one)), Composer({ conversation: one }));
}

function Messages(one) {
  const stretch = state.stretches[one.id];
  // At the end from the beginning: the list begins once there is something in it.
  const isComing = !stretch || (stretch.token && !stretch.messages.length);
  if (isComing) return h("div", { class: "scroll", key: "loading", "aria-busy": "true" });
  const pieces = piecesOf(one.id, stretch.messages, { newSince: state.newSince, isWhole: !stretch.more });
  const last = stretch.messages.at(-1);
  return Log({
    label: `Messages in ${nameOf(one)}`, rows: [Start(one, stretch), Pieces(pieces)],
    newest: last && { ts: last.ts, isMine: last.author === state.me }, isQuiet: state.isAway,
    find: (ts) => find(one.id, ts), onEarlier: () => loadEarlier(one.id), onAway: goAway,
  });
}

/** Above the first message that is known: that more is coming, or that there is no more. */
function Start(one, { more, token }) {
  if (more || token) return h("p", { key: "start", class: "start" }, "Loading earlier messages…");
  const name = one.kind === "public" || one.kind === "private" ? `#${one.name}` : nameOf(one);
  return h("p", { key: "start", class: "start whole" },
    h("b", {}, name), h("span", {}, "This is where the conversation begins."));
}

/** To who is away and cannot see it: earlier messages that come are no news, this is. */
function Unread(one) {
  return h("p", { key: "unread", class: "unseen", role: "status" }, state.isAway && one.unread ? unreadWords(one) : "");
}

const unreadWords = ({ unread }) => (unread === 1 ? "1 new message" : `${unread} new messages`);

/** Back to the end, with how much is new there. */
function Newest(one) {
  const act = (event) => toEnd(event.currentTarget.closest(".reading").querySelector(".log"));
  return h("button", {
    key: "newest", type: "button", class: `newest${one.unread ? " unread" : ""}`, on: { click: act },
  }, icon("down"), one.unread ? unreadWords(one) : "Jump to newest");
}
