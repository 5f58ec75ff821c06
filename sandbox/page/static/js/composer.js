/** Where one writes: words, commands, files. */

import { h } from "./dom.js";
import { attempt, notify } from "./server.js";
import { nameOf, state } from "./state.js";

export function Composer({ conversation, thread = null }) {
  if (!conversation.is_member) {
    return h("p", { class: "composer" }, h("button", { type: "button", on: { click: () => attempt("joins", { channel: conversation.id }) } }, "Join channel"));
  }
  const label = thread ? "Reply" : `Message ${nameOf(conversation)}`;
  return h("form", { class: "composer", key: `composer ${conversation.id} ${thread}`, on: { submit: (event) => { event.preventDefault(); sendFrom(event.target); } } },
    h("textarea", { name: "words", rows: "1", "aria-label": label, placeholder: label, on: { keydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); sendFrom(event.target.form); }
    } } }),
    h("button", { type: "submit", "aria-label": "Send" }, "Send"));

  async function sendFrom(form) {
    const words = form.elements.words.value.trim();
    if (!words) return;
    const command = state.app.commands.find((one) => words === one.name || words.startsWith(`${one.name} `));
    form.elements.words.value = "";
    const sent = command && !thread
      ? await attempt("command", { channel: conversation.id, line: words })
      : await attempt("types", { channel: conversation.id, text: words, thread_ts: thread });
    if (!sent) form.elements.words.value = words;
    if (sent?.failed) notify(`${command.name} failed with the error “${sent.failed}”`);
  }
}
