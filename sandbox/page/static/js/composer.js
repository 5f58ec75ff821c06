/** Where one writes: words, commands and files, with what is typed completed. */

import { Attached, attachTo, carriesFiles } from "./composer/files.js";
import { Offer, offerKey, offerTakes, reconsider } from "./composer/offer.js";
import { commandOf } from "./composer/offers.js";
import { send } from "./composer/sending.js";
import { Tools } from "./composer/tools.js";
import { write, writingAt } from "./composer/writing.js";
import { h } from "./dom.js";
import { editLast } from "./editing.js";
import { icon } from "./icons.js";
import { attempt } from "./server.js";
import { change, nameOf, state } from "./state.js";

/** The box under a conversation or a thread, or why there is none. */
export function Composer({ conversation, thread = null }) {
  if (conversation.is_archived) return Closed("This channel is archived: it can be read, but nothing is added.");
  if (!conversation.is_member) return Preview(conversation);
  const isClosed = conversation.with === state.app.bot && !state.app.messages_tab;
  if (isClosed) return Closed("Sending messages to this app is switched off.");
  return Box(writingAt(conversation, thread), { conversation, thread });
}

function Closed(words) {
  return h("p", { class: "composer closed", key: "composer closed" }, icon("archive"), words);
}

function Preview(conversation) {
  const join = () => attempt("joins", { channel: conversation.id });
  return h("div", { class: "composer preview", key: "composer preview" },
    h("p", {}, "You are looking at ", h("strong", {}, `#${conversation.name}`), " without being in it."),
    h("button", { type: "button", class: "button primary", on: { click: join } }, "Join channel"));
}

function Box(writing, place) {
  const { conversation, thread } = place;
  return h("form", {
    class: "composer", key: `composer ${writing.key}`,
    on: {
      submit: (event) => { event.preventDefault(); send(writing); },
      dragover: (event) => carriesFiles(event.dataTransfer) && event.preventDefault(),
      drop: (event) => attachTo(writing, event, event.dataTransfer),
    },
  },
  Offer(writing),
  Hint(writing),
  h("div", { class: "box" }, Attached(writing), Words(writing, place), h("div", { class: "buttons" }, Tools(writing),
    h("button", { type: "submit", class: "send", "aria-label": "Send now", title: "Send now" }, icon("send")))),
  thread ? AlsoToChannel(writing, conversation) : null,
  Trouble(writing));
}

const MOVES = new Set(["ArrowLeft", "ArrowRight", "Home", "End"]);

function Words(writing, place) {
  const { conversation, thread } = place;
  const { offer } = writing;
  const sign = conversation.kind === "public" ? "#" : "";
  return h("textarea", {
    name: "words", rows: "1", autocomplete: "off",
    "aria-label": thread ? "Reply" : `Message ${nameOf(conversation)}`,
    placeholder: thread ? "Reply …" : `Message ${sign}${nameOf(conversation)}`,
    "aria-autocomplete": "list",
    "aria-controls": offer ? offerKey(writing) : null,
    "aria-activedescendant": offer ? `${offerKey(writing)}-${offer.at}` : null,
    mounted: (dom) => { show(dom, writing); takeFocus(dom); },
    updated: (dom) => dom.value !== writing.text && show(dom, writing),
    on: {
      input: ({ target }) => { write(writing, target.value); fit(target); reconsider(writing, target, place); },
      click: ({ target }) => reconsider(writing, target, place),
      keyup: ({ target, key }) => MOVES.has(key) && reconsider(writing, target, place),
      blur: () => { writing.offer = null; change(); },
      keydown: (event) => keydown(event, writing, conversation),
      paste: (event) => attachTo(writing, event, event.clipboardData),
    },
  });
}

function keydown(event, writing, conversation) {
  if (event.isComposing || (writing.offer && offerTakes(event, writing))) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(writing);
  } else if (event.key === "ArrowUp" && !writing.text && editLast(conversation, writing.thread)) {
    event.preventDefault();
  }
}

function show(dom, writing) {
  dom.value = writing.text;
  fit(dom);
}

/** As high as its words, up to half the window. */
function fit(dom) {
  dom.style.height = "auto";
  dom.style.height = `${Math.min(dom.scrollHeight, innerHeight / 2)}px`;
}

/** Whoever opens a conversation may write at once, unless something stands in front of it. */
function takeFocus(dom) {
  if (!document.querySelector("dialog[open]")) dom.focus({ preventScroll: true });
}

/** What a command takes stays to be read while one types it. */
function Hint(writing) {
  const command = !writing.offer && commandOf(writing.text);
  if (!command) return null;
  return h("p", { class: "hint", key: "hint" },
    h("strong", {}, command.name), " ", h("code", {}, command.usage_hint), " ", h("span", {}, command.description));
}

function AlsoToChannel(writing, conversation) {
  if (writing.files.length) return null;
  const where = ["im", "mpim"].includes(conversation.kind) ? "as direct message" : `to #${conversation.name}`;
  const toggle = (event) => { writing.isBroadcast = event.target.checked; change(); };
  return h("label", { class: "also", key: "also" },
    h("input", { type: "checkbox", checked: writing.isBroadcast, on: { change: toggle } }), `Also send ${where}`);
}

/** What went wrong with what was sent last, for nobody else to see. */
function Trouble(writing) {
  if (!writing.trouble) return null;
  const { words, line } = writing.trouble;
  const putBack = () => { writing.trouble = null; write(writing, line); };
  const dismiss = () => { writing.trouble = null; change(); };
  return h("div", { class: "refused", role: "alert", key: "refused" },
    h("p", {}, words, line ? [" ", h("q", {}, line)] : null, h("small", {}, " Only visible to you")),
    line ? h("button", { type: "button", class: "button", on: { click: putBack } }, "Write it again") : null,
    h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", on: { click: dismiss } }, icon("close")));
}
