/** Dialogs in front of everything: the page's own, and what all of them share. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { change } from "./state.js";

const open = []; // the page's own, the one in front last
const shown = []; // every dialog on the page with what had the focus before: [{dom, before}]
const FOCUSABLE = "input, textarea, select, button, a[href], [tabindex='0']";
let count = 0;

/** Open a dialog: `body()` gives its elements at each drawing, `actions` are {label, act?, style?, isDisabled?} or a
 *  function that gives them. One with a style ("primary", "danger") is also pressed by Enter in a field; one without
 *  `act` closes. `onClose` is called when it is dismissed. */
export function openDialog({ title, body, actions = [], onClose = () => {}, role = "dialog", isNarrow = false }) {
  open.push({ key: `dialog ${++count}`, title, body, actions, onClose, role, isNarrow });
  change();
}

/** Close the dialog in front. */
export function closeDialog() {
  open.pop();
  change();
}

/** All of the page's own dialogs. */
export function Dialogs() {
  return h("div", { class: "dialogs", key: "dialogs", updated: giveFocusBack }, open.map(Dialog));
}

/** A dialog element that opens by itself; `dismiss` is what Esc does. Its focus begins at `[data-focus]`, or in the
 *  part with class "scroll", and goes back to where it was once the dialog is gone. */
export function InFront({ key, label, dismiss, role, ...props }, ...children) {
  const escape = (event) => {
    event.preventDefault();
    dismiss();
  };
  const keydown = (event) => event.key === "Escape" && !event.defaultPrevented && escape(event);
  const on = { cancel: escape, keydown };
  return h("dialog", { ...props, key, role, "aria-label": label, mounted: show, on }, children);
}

function Dialog(one) {
  const actions = typeof one.actions === "function" ? one.actions() : one.actions;
  const main = actions.find((action) => action.style && !action.isDisabled);
  const submit = (event) => {
    event.preventDefault();
    if (main) press(main);
  };
  const kind = `dialog${one.isNarrow ? " narrow" : ""}`;
  return InFront({ key: one.key, class: kind, role: one.role, label: one.title, dismiss: () => dismiss(one) },
    h("form", { novalidate: true, on: { submit } },
      h("header", {}, h("h2", {}, one.title), CloseButton({ label: "Close", act: () => dismiss(one) })),
      h("div", { class: "scroll" }, one.body()),
      actions.length ? h("footer", {}, actions.map((action) => Action(action, action === main))) : null));
}

/** The cross at the top of a dialog. */
export function CloseButton({ label, act }) {
  const props = { key: "close", type: "button", class: "cross", "aria-label": label, on: { click: act } };
  return h("button", props, icon("close"));
}

function Action(action, isMain) {
  return h("button", {
    key: action.label, type: isMain ? "submit" : "button", class: `button ${action.style ?? ""}`,
    disabled: Boolean(action.isDisabled), on: isMain ? {} : { click: () => press(action) },
  }, action.label);
}

function press(action) {
  if (action.act) action.act();
  else closeDialog();
}

function dismiss(one) {
  open.splice(open.indexOf(one), 1);
  one.onClose();
  change();
}

function show(dom) {
  const active = document.activeElement;
  const gone = shown.findLast((one) => !one.dom.isConnected);
  shown.push({ dom, before: active === document.body ? gone?.before : active });
  dom.showModal();
  const parts = [".scroll", "footer", "header"].map((part) => dom.querySelector(part));
  const found = parts.flatMap((part) => [...(part?.querySelectorAll(FOCUSABLE) ?? [])]);
  (dom.querySelector("[data-focus]") ?? found.find((one) => !one.disabled && one.offsetParent) ?? dom).focus();
}

/** After a dialog has gone, however it went, the focus is where it was before it came. */
function giveFocusBack() {
  const gone = shown.filter((one) => !one.dom.isConnected);
  if (!gone.length) return;
  shown.splice(0, shown.length, ...shown.filter((one) => one.dom.isConnected));
  if (document.activeElement === document.body) gone.findLast((one) => one.before?.isConnected)?.before.focus();
}
