/** The app's forms, the one in front on top of those it came from. */

import { Blocks } from "./blocks/blocks.js";
import { CloseButton, InFront } from "./dialogs.js";
import { h } from "./dom.js";
import { complain, troubleAt } from "./elements/telling.js";
import { isFilled, tidy, toTell } from "./elements/values.js";
import { icon } from "./icons.js";
import { act, notify } from "./server.js";
import { change, state, user } from "./state.js";
import { plain } from "./text/texts.js";

const answers = new Map(); // by view: {errors} of the last time it was sent, or {isSending}
let seen = null;

/** Everything the app has open in front of this person. */
export function Modals() {
  if (seen !== state.modals) forgetGone();
  const front = state.modals.length - 1;
  return h("div", { class: "modals", key: "modals" },
    state.modals.map((view, at) => Modal(view, { isFront: at === front, isFirst: at === 0 })));
}

function forgetGone() {
  seen = state.modals;
  tidy([...state.modals, ...(state.home ? [state.home] : [])]);
  for (const id of answers.keys()) if (!state.modals.some((view) => view.id === id)) answers.delete(id);
}

function Modal(view, { isFront, isFirst }) {
  const { errors = {}, isSending = false } = answers.get(view.id) ?? {};
  const place = { kind: "view", isModal: true, id: view.id, values: view.state.values, errors };
  const onSubmit = (event) => {
    event.preventDefault();
    if (!isSending && view.submit && isReady(view, place)) submit(view, place);
  };
  const keydown = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  const [kind, dismiss] = [isFront ? "modal" : "modal covered", () => close(view, place)];
  return InFront({ key: view.id, class: kind, label: plain(view.title), dismiss },
    h("form", { novalidate: true, "aria-busy": isSending ? "true" : null, on: { submit: onSubmit, keydown } },
      Top(view, place, isFirst), Body(view, place), Bottom(view, place, isSending)));
}

function Top(view, place, isFirst) {
  return h("header", {},
    isFirst ? h("img", { key: "app", src: user(state.app.bot)?.picture, alt: "" }) : Back(view, place),
    h("h2", {}, plain(view.title)),
    CloseButton({ label: isFirst ? "Close" : "Close all", act: () => close(view, place, true) }));
}

function Back(view, place) {
  const click = () => close(view, place);
  const props = { key: "back", type: "button", class: "back", "aria-label": "Back", on: { click } };
  return h("button", props, icon("chevron"));
}

function Body(view, place) {
  const trouble = troubleAt(place);
  return h("div", { class: "scroll", key: "body" },
    trouble ? h("p", { key: "trouble", class: "trouble", role: "alert" }, icon("trouble"), trouble) : null,
    Blocks({ blocks: view.blocks, place, errors: place.errors }));
}

function Bottom(view, place, isSending) {
  const words = plain(view.close) || (view.submit ? "Cancel" : "Close");
  return h("footer", { key: "bottom" },
    h("button", { key: "close", type: "button", class: "button", on: { click: () => close(view, place) } }, words),
    view.submit ? h("button", {
      key: "submit", type: "submit", class: "button primary", disabled: !isReady(view, place),
      "aria-disabled": isSending ? "true" : null, "aria-busy": isSending ? "true" : null,
    }, h("span", {}, plain(view.submit))) : null);
}

/** A form with submit_disabled can be sent once something was filled in (blocks.json: views). */
const isReady = (view, place) => !view.submit_disabled || isFilled(place);

async function submit(view, place) {
  answers.set(view.id, { isSending: true });
  complain(place, null);
  try {
    const { errors, trouble } = await act("submits", { view_id: view.id, values: toTell(place) });
    settle(view, place, errors, trouble);
  } catch (fault) {
    settle(view, place, {}, fault.message);
  }
}

function settle(view, place, errors, trouble) {
  const isOpen = state.modals.some((one) => one.id === view.id);
  if (isOpen) answers.set(view.id, { errors });
  complain(place, isOpen ? trouble : null);
  const isWrong = Object.keys(errors).length > 0;
  change();
  if (isWrong) requestAnimationFrame(() => showFirst("[aria-invalid=true]"));
}

/** Go to the first field that is wrong, in the form in front. */
function showFirst(what) {
  const found = document.querySelector(`.modal:not(.covered) ${what}`);
  found?.scrollIntoView({ block: "center" });
  (found?.matches("[role=group], [role=radiogroup]") ? found.querySelector("input") : found)?.focus();
}

async function close(view, place, all = false) {
  const values = toTell(place);
  await act("closes", { view_id: view.id, all, values }).catch((fault) => notify(fault.message));
}
