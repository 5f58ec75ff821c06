/** Making a channel, and giving one another name. */

import { closeDialog, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { open } from "../places.js";
import { act } from "../server.js";
import { change } from "../state.js";

const LONGEST = 80;
const RULES = `Small letters, digits, hyphens and underscores only, at most ${LONGEST} characters.`;
const VISIBILITIES = [
  [false, "Public – anyone in the workspace", "hash"],
  [true, "Private – only people who are brought in", "lock"],
];

/** Ask for the name of a channel and who may find it, make it, and go there. */
export function createChannel() {
  const draft = { name: "", isPrivate: false, trouble: "" };
  const create = () => attemptWith(draft, async () => {
    const { channel } = await act("creates", { name: draft.name, private: draft.isPrivate });
    closeDialog();
    open(channel);
  });
  openDialog({
    title: "Create a channel", isNarrow: true,
    body: () => [Name(draft), Visibility(draft)],
    actions: () => [{ label: "Cancel" }, { label: "Create", style: "primary", isDisabled: !draft.name, act: create }],
  });
}

/** Ask for another name of a channel. */
export function renameChannel(channel) {
  const draft = { name: channel.name, isPrivate: channel.kind === "private", trouble: "" };
  const rename = () => attemptWith(draft, async () => {
    await act("renames", { channel: channel.id, name: draft.name });
    closeDialog();
  });
  openDialog({
    title: "Rename this channel", isNarrow: true,
    body: () => Name(draft),
    actions: () => [{ label: "Cancel" }, { label: "Save", style: "primary", isDisabled: !draft.name, act: rename }],
  });
}

/** A refusal is said at the name, and what was typed stays. */
async function attemptWith(draft, deed) {
  draft.trouble = "";
  try {
    await deed();
  } catch (fault) {
    draft.trouble = fault.message;
    change();
  }
}

function Name(draft) {
  return h("div", { class: "labelled", key: "name" },
    h("label", { for: "channel-name" }, "Name"),
    h("div", { class: "named" }, icon(draft.isPrivate ? "lock" : "hash"), h("input", {
      id: "channel-name", type: "text", autocomplete: "off", maxlength: LONGEST, placeholder: "e.g. plan-budget",
      "data-focus": true, value: draft.name,
      "aria-describedby": "channel-rules", "aria-invalid": draft.trouble ? "true" : false,
      on: { input: ({ target }) => { draft.name = tidied(target); draft.trouble = ""; change(); } },
    })),
    draft.trouble ? h("p", { class: "error", role: "alert" }, draft.trouble) : null,
    h("p", { class: "hint", id: "channel-rules" }, RULES));
}

/** Blanks become hyphens and capitals small letters while one types, as in Slack. */
function tidied(input) {
  const at = input.selectionStart;
  const name = input.value.toLowerCase().replaceAll(/[\s.]/g, "-");
  if (name !== input.value) {
    input.value = name;
    input.setSelectionRange(at, at);
  }
  return name;
}

function Visibility(draft) {
  const radio = (isPrivate) => ({
    type: "radio", name: "visibility", checked: draft.isPrivate === isPrivate,
    on: { change: () => { draft.isPrivate = isPrivate; change(); } },
  });
  return h("fieldset", { class: "labelled", key: "visibility" }, h("legend", {}, "Visibility"),
    VISIBILITIES.map(([isPrivate, label, sign]) => h("label", { class: "pick", key: label },
      h("input", radio(isPrivate)), icon(sign), label)));
}
