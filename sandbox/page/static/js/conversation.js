/** The conversation in the middle: its messages, or the app's Home, and where one writes. */

import { Composer } from "./composer.js";
import { h, lazy } from "./dom.js";
import { Home } from "./home.js";
import { Message } from "./message.js";
import { loadEarlier } from "./messages.js";
import { conversation, state } from "./state.js";

export function Conversation() {
  const one = conversation();
  if (!one) return h("p", { class: "empty", key: "nothing" }, "You are in no conversation yet.");
  if (one.with === state.app.bot && state.tab === "home") return Home();
  return h("section", { class: "conversation", key: one.id, "aria-label": "Messages" }, Messages(one), Composer({ conversation: one }));
}

function Messages(one) {
  const stretch = state.stretches[one.id] ?? { messages: [] };
  return h("div", {
    class: "scroll", key: "messages", role: "log", tabindex: "0",
    mounted: toEnd, updated: stay,
    on: { scroll: (event) => { event.target._atEnd = atEnd(event.target); if (event.target.scrollTop < 300) loadEarlier(one.id); } },
  }, stretch.messages.map((message) => lazy(message.ts, [message, state.people], () => Message({ message, conversation: one }))));
}

const atEnd = (dom) => dom.scrollHeight - dom.scrollTop - dom.clientHeight < 60;

function toEnd(dom) {
  dom._atEnd = true;
  stay(dom);
}

/** Whoever reads at the end stays there; whoever reads further up is not moved. */
function stay(dom) {
  const grown = dom.scrollHeight - (dom._height ?? 0);
  if (dom._atEnd) dom.scrollTop = dom.scrollHeight;
  else if (dom._height && dom.scrollTop < 300 && grown > 0) dom.scrollTop += grown;
  dom._height = dom.scrollHeight;
}
