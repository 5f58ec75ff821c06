/**
 * The buttons over the message under the pointer, or over the one with the focus. One toolbar serves all messages: one
 * in each would be half of everything on the page.
 */

import { h, render } from "./dom.js";
import { icon } from "./icons.js";
import { canReply, isPlain, mayAct, openMore, pickReaction, reply } from "./tools.js";
import { articleOf } from "./walking.js";

const host = document.createElement("div");
host.className = "message-tools";
host.setAttribute("role", "toolbar");
host.setAttribute("aria-label", "Message actions");
host.setAttribute("aria-live", "off"); // that it moves is no news, though the messages around it are

/** Put the toolbar over a message; `find` knows it by its ts. */
export function moveTools(article, { find, isInThread }) {
  if (!article || article === host.parentNode || isHeld()) return;
  const message = find(article.dataset.ts);
  if (!message || isPlain(message)) return host.remove();
  render(host, Tools(message, isInThread));
  article.append(host);
}

/** The pointer has left the list: what is left is the message with the focus, if that was reached by keyboard. */
export function hideTools(log, { find, isInThread }) {
  if (isHeld()) return;
  const focused = articleOf(document.activeElement ?? log);
  host.remove();
  const isByKeyboard = focused && log.contains(focused) && document.activeElement.matches(":focus-visible");
  if (isByKeyboard) moveTools(focused, { find, isInThread });
}

/** Whoever is using the toolbar keeps it, wherever the pointer goes. */
function isHeld() {
  return Boolean(host.querySelector(":focus-visible, [aria-expanded='true']"));
}

function Tools(message, isInThread) {
  const mine = mayAct(message);
  return [
    mine ? Tool("react", "Add reaction…", (anchor) => pickReaction(message, anchor)) : null,
    canReply(message, isInThread) ? Tool("thread", "Reply in thread", () => reply(message)) : null,
    Tool("more", "More actions", (anchor) => openMore(message, anchor, isInThread)),
  ];
}

function Tool(name, label, act) {
  const click = (event) => act(event.currentTarget);
  return h("button", { key: name, type: "button", "aria-label": label, title: label, on: { click } }, icon(name));
}
