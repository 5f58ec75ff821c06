/** The app's forms, the one in front on top. */

import { Blocks } from "./blocks/blocks.js";
import { h } from "./dom.js";
import { enteredAt, forget } from "./elements/values.js";
import { act, notify } from "./server.js";
import { change, state } from "./state.js";
import { plain } from "./text/texts.js";

let answer = {}; // of the last submission: {id, errors, trouble, isSending}

export function Modals() {
  const view = state.modals.at(-1);
  return view ? Modal(view) : null;
}

function Modal(view) {
  const place = { kind: "view", id: view.id, values: view.state.values };
  const mine = answer.id === view.id ? answer : {};
  return h("dialog", { key: view.id, class: "modal", "aria-label": plain(view.title), mounted: (dom) => dom.showModal(), on: { cancel: (event) => { event.preventDefault(); close(view, place); } } },
    h("form", { on: { submit: (event) => { event.preventDefault(); submit(view, place); } } },
      h("header", {}, h("h2", {}, plain(view.title)), h("button", { type: "button", "aria-label": "Close", on: { click: () => close(view, place, true) } }, "×")),
      h("div", { class: "scroll" }, mine.trouble ? h("p", { class: "trouble", role: "alert" }, mine.trouble) : null, Blocks({ blocks: view.blocks, place, errors: mine.errors ?? {} })),
      h("footer", {}, h("button", { type: "button", class: "button", on: { click: () => close(view, place) } }, plain(view.close) || "Close"),
        view.submit ? h("button", { type: "submit", class: "button primary", disabled: Boolean(mine.isSending) }, plain(view.submit)) : null)));
}

async function submit(view, place) {
  answer = { id: view.id, isSending: true };
  change();
  try {
    const { errors, trouble } = await act("submits", { view_id: view.id, values: enteredAt(place) });
    answer = { id: view.id, errors, trouble };
  } catch (fault) {
    answer = { id: view.id, trouble: fault.message };
  }
  change();
}

async function close(view, place, all = false) {
  await act("closes", { view_id: view.id, all, values: enteredAt(place) }).catch((fault) => notify(fault.message));
  forget(place);
}
