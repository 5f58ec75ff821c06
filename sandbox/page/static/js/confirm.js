/** Asking whether somebody is sure. */

import { closeDialog, openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { plain, textOf } from "./text/texts.js";

/** Ask, and give whether they confirmed. The words are text objects or strings; `style` is "primary" or "danger". */
export function confirmed({ title, text, confirm = "OK", deny = "Cancel", style = "primary" }) {
  return new Promise((answer) => {
    const settle = (isSure) => () => {
      closeDialog();
      answer(isSure);
    };
    openDialog({
      title: words(title), role: "alertdialog", isNarrow: true,
      body: () => h("p", {}, typeof text === "string" ? text : textOf(text)),
      actions: [{ label: words(deny), act: settle(false) }, { label: words(confirm), act: settle(true), style }],
      onClose: () => answer(false),
    });
  });
}

const words = (text) => (typeof text === "string" ? text : plain(text));
