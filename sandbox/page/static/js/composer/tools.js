/** The buttons under the words: files, the app's shortcuts, emoji, a mention. */

import { h } from "../dom.js";
import { openEmojiPicker } from "../emoji-picker.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";
import { act } from "../server.js";
import { change, state } from "../state.js";
import { chooseFiles } from "./files.js";
import { write } from "./writing.js";

export function Tools(writing) {
  const shortcuts = state.app.shortcuts.filter((one) => one.kind === "global");
  return [
    Tool("Attach files", "plus", () => chooseFiles(writing)),
    shortcuts.length ? Tool("Shortcuts", "bolt", ({ currentTarget }) => {
      const item = ({ name, description }) => ({ label: name, note: description, act: () => use(writing, name) });
      openMenu(currentTarget, shortcuts.map(item), { label: "Shortcuts" });
    }, { "aria-haspopup": "menu" }) : null,
    Tool("Emoji", "smile", ({ currentTarget }) => {
      const dom = wordsBeside(currentTarget);
      openEmojiPicker(currentTarget, (name) => insert(writing, dom, `:${name}: `));
    }, { "aria-haspopup": "dialog" }),
    Tool("Mention someone", "at", ({ currentTarget }) => {
      const dom = wordsBeside(currentTarget);
      insert(writing, dom, /\S$/.test(dom.value.slice(0, dom.selectionStart)) ? " @" : "@");
      dom.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  ];
}

function Tool(label, sign, click, props = {}) {
  return h("button", { type: "button", key: label, "aria-label": label, title: label, on: { click }, ...props },
    icon(sign));
}

const wordsBeside = (button) => button.closest("form").elements.words;

function insert(writing, dom, words) {
  dom.focus();
  dom.setRangeText(words, dom.selectionStart, dom.selectionEnd, "end");
  write(writing, dom.value);
}

/** Use one of the app's shortcuts; what goes wrong is said under the box. */
async function use(writing, name) {
  writing.trouble = null;
  try {
    const { failed } = await act("shortcut", { name });
    if (failed) writing.trouble = { words: `${name} failed with the error "${failed}"`, line: "" };
  } catch (fault) {
    writing.trouble = { words: fault.message, line: "" };
  }
  change();
}
