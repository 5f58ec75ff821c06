/** Telling the app what was pressed, chosen or typed. */

import { confirmed } from "../confirm.js";
import { act, notify } from "../server.js";
import { enter, keyOf, toTell, touch, valueKey } from "./values.js";

const LATE = "The app did not answer in time. Try again.";
const FAILED = "The app could not be reached, or answered with an error.";

const onTheWay = new Map(); // by element: what is to be told after it, if anything
const troubles = new Map(); // by modal: the sentence at its top

const idsOf = (place) => (place.kind === "view" ? { view_id: place.id } : { channel: place.channel, ts: place.ts });
const idsIn = (block, element) => ({ block_id: block.block_id, action_id: element.action_id });
const wayOf = (place, block, element, part = "") => [keyOf(place), block.block_id, element.action_id, part].join("\n");

/** Whether the app is being told of this, and has not answered yet. */
export const isBusy = (place, block, element, part) => onTheWay.has(wayOf(place, block, element, part));

/** What went wrong with the last thing used in a modal. */
export const troubleAt = (place) => troubles.get(keyOf(place));

/** Say that something went wrong: at the top of a modal, or as a notice. Without words nothing is wrong any more. */
export function complain(place, words) {
  if (!place.isModal) return words && notify(words);
  if (words) troubles.set(keyOf(place), words);
  else troubles.delete(keyOf(place));
  touch(place);
}

/** Ask first where the element asks for it; gives whether they are sure. */
export async function isSure(element) {
  return element.confirm ? confirmed(element.confirm) : true;
}

/** Choose a value: asks first where the element says so, and tells the app at once where it is to hear of it (outside
 *  input blocks, or with dispatch_action). Gives whether it was chosen. */
export async function choose(place, block, element, value) {
  if (element.confirm && !(await isSure(element))) return false;
  enter(place, block, element, value);
  if (block.type !== "input" || block.dispatch_action) tell(place, block, element, value);
  return true;
}

/** Tell the app of an element's value; while it is still busy with one before, the last of those that follow waits. */
export function tell(place, block, element, value) {
  const extra = element.timezone ? { timezone: element.timezone } : {};
  use(place, block, element, { [valueKey(element)]: value, ...extra });
}

/** Tell the app that something was used. A second press while the app has not answered is none; `part` names what was
 *  pressed where an element has several buttons. */
export async function use(place, block, element, reported = {}, part = "") {
  const way = wayOf(place, block, element, part);
  if (onTheWay.has(way)) {
    if (valueKey(element)) onTheWay.set(way, reported);
    return;
  }
  onTheWay.set(way, null);
  complain(place, null);
  touch(place);
  await send(place, { ...idsIn(block, element), value: reported });
  const next = onTheWay.get(way);
  onTheWay.delete(way);
  touch(place);
  if (next) use(place, block, element, next, part);
}

/** What an external select offers for what was typed: {options} or {option_groups}. */
export function offers(place, block, element, typed) {
  return act("asks", { ...idsOf(place), ...idsIn(block, element), typed, values: toTell(place) });
}

async function send(place, what) {
  try {
    const { failed } = await act("uses", { ...idsOf(place), ...what, values: toTell(place) });
    if (failed) complain(place, failed === "operation_timeout" ? LATE : FAILED);
  } catch (fault) {
    complain(place, fault.message);
  }
}
