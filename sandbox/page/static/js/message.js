/** One message with all that stands around its words. */

import { Attachments } from "./blocks/attachments.js";
import { Blocks } from "./blocks/blocks.js";
import { h } from "./dom.js";
import { Editor, editingOf } from "./editing.js";
import { characterOf, emoji, wordsOf } from "./emoji.js";
import { Files } from "./files.js";
import { icon } from "./icons.js";
import { openThread } from "./places.js";
import { isSystem, isTombstone } from "./rows.js";
import { attempt } from "./server.js";
import { state, user } from "./state.js";
import { momentWords, shortTimeOf, timeOf } from "./text/dates.js";
import { mrkdwn } from "./text/mrkdwn.js";
import { mayAct, pickReaction, react } from "./tools.js";
import { asTyped } from "./typed.js";

const SLACKBOT = "USLACKBOT";
const MOST_PICTURES = 5;

/** A message; one that goes on after another of its author is `isFurther`, and has no name and picture of its own. */
export function Message({ message, isFurther = false, isInThread = false }) {
  const kind = isSystem(message) ? "system" : isTombstone(message) ? "tombstone" : isFurther ? "further" : "";
  const editing = editingOf(message, isInThread);
  const marks = { ephemeral: message.is_ephemeral, pinned: message.pinned, editing };
  const classes = ["message", kind, ...Object.keys(marks).filter((name) => marks[name])];
  return h("article", {
    key: message.ts, class: classes.filter(Boolean).join(" "), tabindex: "-1",
    "data-ts": message.ts, "data-channel": message.channel, "aria-label": labelOf(message),
  }, Notes(message, isInThread), Side(message, kind),
    h("div", { key: "body", class: "body" },
      kind === "" ? By(message) : null,
      editing ? Editor({ message, editing }) : Content(message, kind),
      message.is_ephemeral ? Dismiss(message) : null,
      Reactions(message),
      message.reply_count && !isInThread ? Replies(message) : null));
}

/** Where the elements on a message stand. */
export function placeOf({ channel, ts, values = {} }) {
  return { kind: "message", channel, ts, values };
}

/** What an author is called here. */
function authorOf(message) {
  return message.username || user(message.author)?.real_name || message.bot_profile?.name || "somebody";
}

function labelOf(message) {
  return `${authorOf(message)}, ${timeOf(message.ts)}: ${asTyped(message.text ?? "").slice(0, 300)}`;
}

/** What is said above a message: that it is pinned, sent from a thread, or for one reader only. */
function Notes(message, isInThread) {
  const pinner = message.pinned_by === state.me ? "you" : user(message.pinned_by)?.real_name ?? "somebody";
  return [
    message.pinned ? h("p", { key: "pinned", class: "note" }, icon("pin"), `Pinned by ${pinner}`) : null,
    message.is_ephemeral ? h("p", { key: "whisper", class: "note" }, icon("eye"), "Only visible to you") : null,
    message.is_broadcast
      ? h("p", { key: "broadcast", class: "note" }, icon("thread"), From(message, isInThread)) : null,
  ];
}

function From(message, isInThread) {
  if (isInThread) return "Also sent to the channel";
  const words = asTyped(message.root_text ?? "").slice(0, 80) || "a message";
  return ["replied to a thread: ", h("button", {
    type: "button", class: "link", on: { click: () => openThread(message.channel, message.thread_ts) },
  }, words)];
}

/** At the left: who it is, or when it was. */
function Side(message, kind) {
  if (kind === "further") {
    return h("time", { key: "when", class: "side", title: momentWords(message.ts) }, shortTimeOf(message.ts));
  }
  if (kind === "tombstone") return h("span", { key: "bin", class: "side" }, icon("bin"));
  const face = characterOf(message.icons?.emoji?.replaceAll(":", "") ?? "");
  if (face) return h("span", { key: "face", class: "picture face", "aria-hidden": "true" }, face);
  const picture = user(message.author)?.picture;
  if (picture) return h("img", { key: "picture", class: "picture", src: picture, alt: "" });
  const letter = authorOf(message).charAt(0).toUpperCase();
  return h("span", { key: "letter", class: "picture letter", "aria-hidden": "true" }, letter);
}

function By(message) {
  const author = user(message.author);
  const isApp = message.bot_id || (author?.is_bot && author.id !== SLACKBOT);
  return h("p", { key: "by", class: "by" },
    h("b", {}, authorOf(message)),
    isApp ? h("span", { class: "app-badge" }, "APP") : null,
    When(message));
}

function When(message) {
  return h("time", { key: "when", title: momentWords(message.ts) }, timeOf(message.ts));
}

function Content(message, kind) {
  if (kind === "system") return System(message);
  const place = placeOf(message);
  const words = message.text ? h("p", { class: "words" }, mrkdwn(message.text)) : null;
  return h("div", { key: "content", class: `content${message.edited ? " is-edited" : ""}` },
    message.blocks?.length ? Blocks({ blocks: message.blocks, place }) : words,
    message.edited ? Edited(message.edited) : null,
    message.attachments?.length ? Attachments({ attachments: message.attachments, place }) : null,
    message.files?.length ? Files(message.files) : null);
}

function Edited({ ts }) {
  return h("span", { key: "edited", class: "edited", title: momentWords(ts) }, "(edited)");
}

/** “Ann has joined the channel”, without the mention that Slack's own text begins with. */
function System(message) {
  const words = message.text.replace(`<@${message.author}>`, "").trim();
  return h("p", { key: "content", class: "words" },
    h("b", {}, authorOf(message)), " ", mrkdwn(words), " ", When(message));
}

function Dismiss(message) {
  const act = () => attempt("dismisses", { channel: message.channel, ts: message.ts });
  return h("p", { key: "dismiss", class: "dismiss" },
    h("button", { type: "button", class: "link", on: { click: act } }, "Dismiss"));
}

function Reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { key: "reactions", class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((one) => Pill(message, one)),
    mayAct(message) ? h("button", {
      key: "+", type: "button", class: "pill more", "aria-label": "Add another reaction", title: "Add another reaction",
      on: { click: (event) => pickReaction(message, event.currentTarget) },
    }, icon("react")) : null);
}

function Pill(message, { name, users, count }) {
  const who = sentenceOf(users.map((id) => (id === state.me ? "you" : user(id)?.real_name ?? "somebody")));
  return h("button", {
    key: name, type: "button", class: "pill", disabled: !mayAct(message), on: { click: () => react(message, name) },
    "aria-pressed": String(users.includes(state.me)), title: `${who} reacted with :${name}:`,
    "aria-label": `${wordsOf(name)}, ${count} ${count === 1 ? "reaction" : "reactions"}`,
  }, emoji(name), h("span", { class: "count" }, count));
}

function sentenceOf(names) {
  const words = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Replies(message) {
  const pictures = message.reply_users.map((id) => user(id)?.picture).filter(Boolean).slice(0, MOST_PICTURES);
  const act = () => openThread(message.channel, message.ts);
  return h("button", { key: "replies", type: "button", class: "replies", on: { click: act } },
    pictures.map((src) => h("img", { key: src, src, alt: "" })),
    h("span", { class: "count" }, message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`),
    h("span", { class: "last" }, `Last reply ${lower(momentWords(message.latest_reply))}`));
}

/** Within a sentence days are small, months are not. */
const lower = (moment) => moment.replace(/^(Today|Yesterday|Tomorrow)/, (day) => day.toLowerCase());
