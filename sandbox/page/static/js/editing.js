/** Changing one's own message in place. */

import { h } from "./dom.js";
import { act } from "./server.js";
import { change, state } from "./state.js";
import { asTyped } from "./typed.js";
import { isOwn, remove } from "./tools.js";

let draft = null; // {channel, ts, isInThread, back: what had the focus, trouble, isSaving}

/** Begin to edit a message where it stands. */
export function edit(message, isInThread = false) {
  draft = { channel: message.channel, ts: message.ts, isInThread, back: document.activeElement };
  change();
}

/** Edit the last message one wrote here, if it can be seen; gives whether there is one. */
export function editLast(conversation, thread = null) {
  const messages = thread ? state.replies?.messages ?? [] : state.stretches[conversation.id]?.messages ?? [];
  const last = messages.findLast((one) => one.channel === conversation.id && isOwn(one));
  if (last) edit(last, Boolean(thread));
  return Boolean(last);
}

/** The editing that this message is under, or null; another one each time it has changed. */
export function editingOf(message, isInThread) {
  const isIt = draft?.ts === message.ts && draft.channel === message.channel && draft.isInThread === isInThread;
  return isIt ? draft : null;
}

/** Where the words are changed. */
export function Editor({ message, editing }) {
  const submit = (event) => {
    event.preventDefault();
    save(message, event.target);
  };
  return h("form", { key: "editor", class: "editor", on: { submit, keydown } },
    h("textarea", {
      name: "words", rows: "1", "aria-label": "Edit message",
      mounted: (dom) => begin(dom, message), on: { input: (event) => fit(event.target) },
    }),
    editing.trouble ? h("p", { key: "trouble", class: "error", role: "alert" }, editing.trouble) : null,
    h("p", { key: "end", class: "end" },
      h("button", { type: "button", class: "button", on: { click: close } }, "Cancel"),
      h("button", { type: "submit", class: "button primary", disabled: Boolean(editing.isSaving) }, "Save")));
}

function begin(dom, message) {
  dom.value = asTyped(message.text);
  fit(dom);
  dom.focus();
  dom.setSelectionRange(dom.value.length, dom.value.length);
  dom.closest("article").scrollIntoView({ block: "nearest" });
}

function fit(dom) {
  dom.style.setProperty("height", "auto");
  dom.style.setProperty("height", `${dom.scrollHeight + 2}px`);
}

function keydown(event) {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key === "Enter" && !event.shiftKey && event.target.name === "words") {
    event.preventDefault();
    event.currentTarget.requestSubmit();
  }
}

async function save(message, form) {
  const words = form.elements.words.value.trim();
  if (draft.isSaving) return;
  if (words === asTyped(message.text).trim()) return close();
  if (!words) return remove(message);
  const own = (draft = { ...draft, isSaving: true, trouble: "" });
  change();
  try {
    await act("edits", { channel: message.channel, ts: message.ts, text: words });
    if (draft === own) close();
  } catch (fault) {
    if (draft === own) draft = { ...own, isSaving: false, trouble: fault.message };
    change();
  }
}

function close() {
  const { back, ts } = draft;
  const article = [...document.querySelectorAll("article.message")].find((one) => one.dataset.ts === ts);
  draft = null;
  change();
  if (back?.isConnected && back.tagName === "TEXTAREA") back.focus();
  else article?.focus({ preventScroll: true });
}
