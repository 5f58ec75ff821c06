/** Buttons, menus of three dots, and the small ones below an answer. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";
import { state } from "../state.js";
import { plain, textOf } from "../text/texts.js";
import { isBusy, isSure, use } from "./telling.js";

/** A button; with a `url` it opens that too. */
export function Button(element, block, place) {
  const props = { element, block, place, class: `button ${element.style ?? ""}` };
  return pressable(props, h("span", {}, textOf(element.text)));
}

/** A button that starts a workflow: no app hears of it (protocol.md, section 4.1). */
export function WorkflowButton(element) {
  return h("button", {
    key: element.action_id, type: "button", class: `button ${element.style ?? ""}`, "aria-disabled": "true",
    "aria-label": element.accessibility_label, title: "Workflows do not run in the sandbox.",
  }, icon("bolt"), textOf(element.text));
}

/** A button that is only a sign; it may be for some people only. */
export function IconButton(element, block, place) {
  if (element.visible_to_user_ids?.length && !element.visible_to_user_ids.includes(state.me)) return null;
  const words = plain(element.text);
  const props = { element, block, place, class: "icon-button", label: words, reported: { value: element.value } };
  return pressable(props, icon("trash"));
}

/** A thumb up and a thumb down. */
export function FeedbackButtons(element, block, place) {
  return h("span", { key: element.action_id, class: "feedback", role: "group", "aria-label": "Feedback" },
    [["positive_button", "👍"], ["negative_button", "👎"]].map(([part, sign]) => {
      const { text, value, accessibility_label } = element[part];
      const label = accessibility_label || plain(text);
      return pressable({ element, block, place, part, class: "icon-button", label, reported: { value } },
        h("span", { "aria-hidden": "true" }, sign));
    }));
}

/** Three dots with up to five options behind them. */
export function Overflow(element, block, place) {
  const items = element.options.map((option) => ({
    label: plain(option.text), note: plain(option.description),
    act: () => press(place, block, element, { selected_option: option, url: option.url }),
  }));
  const label = "More options";
  return h("button", {
    key: element.action_id, type: "button", class: "icon-button overflow", "aria-label": label, "aria-haspopup": "menu",
    "aria-busy": isBusy(place, block, element) ? "true" : null,
    on: { click: (event) => openMenu(event.currentTarget, items, { label }) },
  }, h("span", { "aria-hidden": "true" }, "⋯"));
}

function pressable({ element, block, place, part = "", label, reported = {}, ...props }, ...children) {
  const isWaiting = isBusy(place, block, element, part);
  return h("button", {
    ...props, key: element.action_id + part, type: "button", "aria-label": element.accessibility_label ?? label,
    title: label, "aria-busy": isWaiting ? "true" : null, "aria-disabled": isWaiting ? "true" : null,
    on: { click: () => press(place, block, element, { ...reported, url: element.url }, part) },
  }, children);
}

async function press(place, block, element, { url, ...reported }, part) {
  if (isBusy(place, block, element, part)) return;
  if (element.confirm && !(await isSure(element))) return;
  if (/^https?:/i.test(url ?? "")) window.open(url, "_blank", "noopener,noreferrer");
  use(place, block, element, reported, part);
}
