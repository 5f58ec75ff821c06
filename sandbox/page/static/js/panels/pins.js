/** What is pinned in a conversation, each a way to where it was said. */

import { h } from "../dom.js";
import { find, loadEarlier } from "../messages.js";
import { open } from "../places.js";
import { ask } from "../server.js";
import { change, state, user } from "../state.js";
import { momentWords } from "../text/dates.js";
import { words } from "../text/mrkdwn.js";
import { asTyped } from "../typed.js";

const looked = new Map(); // messages that are pinned, by conversation and ts: null while they are looked up

export function Pins(one) {
  if (!one.pins.length) return null;
  return h("section", { key: "pins" }, h("h4", {}, `Pinned (${one.pins.length})`),
    h("ul", { class: "pins", "aria-label": "Pinned" }, one.pins.map((ts) => Pin(one, ts))));
}

function Pin(one, ts) {
  const message = find(one.id, ts) ?? lookUp(one.id, ts);
  if (!message) return null;
  const author = message.username || user(message.author)?.real_name;
  return h("li", { key: ts }, h("button", { type: "button", class: "pinned", on: { click: () => jumpTo(message) } },
    h("span", { class: "by" }, h("strong", {}, author), " ", h("small", {}, momentWords(ts))),
    h("span", { class: "said" }, message.text ? words(asTyped(message.text)) : message.files?.[0]?.name)));
}

function lookUp(channel, ts) {
  const key = `${channel} ${ts}`;
  if (!looked.has(key)) {
    looked.set(key, null);
    ask("thread", { channel, ts }).then(({ messages }) => {
      looked.set(key, messages[0]);
      change();
    }, () => {});
  }
  return looked.get(key);
}

/** Show a message where it was said: a reply in its thread, and another among what was said before and after. */
async function jumpTo({ channel, ts, thread_ts: thread }) {
  if (thread && thread !== ts) return open(channel, { thread });
  if (channel !== state.at || state.tab !== "messages") open(channel);
  while (!state.stretches[channel]?.messages.some((one) => one.ts === ts) && state.stretches[channel]?.more) {
    await loadEarlier(channel);
  }
  change();
  return requestAnimationFrame(() => {
    const article = document.querySelector(`.middle [data-ts="${ts}"]`);
    article?.scrollIntoView({ block: "center" });
    article?.focus();
  });
}
