/** A conversation's topic, changed where it stands. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { act } from "../server.js";
import { change } from "../state.js";
import { mrkdwn, unescape } from "../text/mrkdwn.js";

const LONGEST = 250;

let edited = null; // {id, text, trouble} while somebody changes one
let wasEdited = false; // then the focus goes back to the button

export function Topic(one) {
  if (one.kind === "im") return null;
  if (edited?.id === one.id) return Editor(one);
  const canEdit = one.is_member && !one.is_archived;
  const edit = () => {
    edited = { id: one.id, text: unescape(one.topic), trouble: "" };
    change();
  };
  return h("div", { class: "topic", key: "topic" },
    one.topic ? h("p", { title: unescape(one.topic) }, mrkdwn(one.topic)) : null,
    canEdit ? EditButton(one.topic ? "Edit topic" : "Add a topic", one.topic, edit) : null);
}

function EditButton(label, isThere, click) {
  return h("button", {
    type: "button", class: "quiet", "aria-label": label, title: label, mounted: takeFocusBack, on: { click },
  }, isThere ? icon("pencil") : label);
}

function takeFocusBack(dom) {
  if (wasEdited) dom.focus();
  wasEdited = false;
}

function Editor(one) {
  const close = () => {
    edited = null;
    wasEdited = true;
    change();
  };
  const save = async (event) => {
    event.preventDefault();
    try {
      await act("sets_topic", { channel: one.id, topic: edited.text.trim() });
      close();
    } catch (fault) {
      edited.trouble = fault.message;
      change();
    }
  };
  return h("form", { class: "topic editing", key: "editing", on: { submit: save } },
    h("input", {
      type: "text", "aria-label": "Topic", maxlength: LONGEST, autocomplete: "off", value: edited.text,
      mounted: (dom) => { dom.focus(); dom.select(); },
      on: {
        input: (event) => { edited.text = event.target.value; },
        keydown: (event) => event.key === "Escape" && close(),
      },
    }),
    h("button", { type: "submit", class: "button primary" }, "Save"),
    h("button", { type: "button", class: "button", on: { click: close } }, "Cancel"),
    edited.trouble ? h("p", { class: "error", role: "alert" }, edited.trouble) : null);
}
