/**
 * What is entered where.
 *
 * What somebody enters is kept here until the workspace has it, and what both say is brought together so:
 * - An entry remembers what the workspace had there when it was made. As long as that stays, or becomes something that
 *   was told from here, the entry is shown: half-typed words live through every update of a view, and the answer to the
 *   first letters does not take away the next ones.
 * - When the workspace comes to hold anything else, somebody else has filled it in (another window, or the tour), and
 *   the entry gives way.
 * - An update of a view keeps what was entered under the same block_id and action_id, whatever the new initial value;
 *   an entry whose ids are gone is forgotten, so that an element which comes back begins anew (protocol.md, section 6).
 */

import { change } from "../state.js";
import { wordsOf } from "./rich.js";

const OPTION = ["selected_option", "initial_option"];
const OPTIONS = ["selected_options", "initial_options"];
const VALUE = ["value", "initial_value"];

/** By element type: the key of its value, and of what it begins with. */
const KEYS = {
  plain_text_input: VALUE, email_text_input: VALUE, url_text_input: VALUE, number_input: VALUE,
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: OPTION, external_select: OPTION, radio_buttons: OPTION,
  multi_static_select: OPTIONS, multi_external_select: OPTIONS, checkboxes: OPTIONS,
  users_select: ["selected_user", "initial_user"], multi_users_select: ["selected_users", "initial_users"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"], timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"], file_input: ["files", ""],
};

const places = new Map(); // by place: entries by block_id and action_id: {block_id, action_id, held, base, told}
const versions = new Map(); // by place: how often something has changed there

/** A place as one word. */
export const keyOf = (place) => (place.kind === "view" ? place.id : `${place.channel}/${place.ts}`);

/** The key under which this element reports its value, if it holds one. */
export const valueKey = (element) => KEYS[element.type]?.[0];

/** A number that is another once something was entered here or is on its way: what depends on it is drawn anew. */
export const touched = (place) => versions.get(keyOf(place)) ?? 0;

/** Draw a place anew. */
export function touch(place) {
  versions.set(keyOf(place), touched(place) + 1);
  change();
}

/** What an element holds, in the form of Slack's `state.values`: entered here, known to the workspace, or initial. */
function held(place, block, element) {
  const [entries, id] = [places.get(keyOf(place)), idOf(block.block_id, element.action_id)];
  const entry = entries?.get(id);
  const known = knownOf(place, block, element);
  if (entry?.held.type === element.type && isOurs(entry, known)) return entry.held;
  entries?.delete(id);
  return known ?? initialOf(element);
}

/** Whether nobody has entered anything, here or elsewhere. */
export function isUntouched(place, block, element) {
  const entries = places.get(keyOf(place));
  return !entries?.has(idOf(block.block_id, element.action_id)) && !knownOf(place, block, element);
}

/** What an element holds, bare. */
export const valueOf = (place, block, element) => held(place, block, element)[valueKey(element)];

/** Enter a value; the app is not told. */
export function enter(place, block, element, value) {
  const [key, id] = [keyOf(place), idOf(block.block_id, element.action_id)];
  const before = held(place, block, element);
  const old = places.get(key)?.get(id);
  if (!places.has(key)) places.set(key, new Map());
  places.get(key).set(id, {
    block_id: block.block_id, action_id: element.action_id,
    held: holding(element, value),
    base: old?.base ?? said(before), told: old?.told ?? new Set(),
  });
  touch(place);
}

/** Whether anything was entered at a place and not taken back by the app. */
export function isFilled(place) {
  return Boolean(places.get(keyOf(place))?.size) || Object.keys(place.values ?? {}).length > 0;
}

/** Everything entered at a place, as `state.values`, to send it along; what was sent is known to be ours. */
export function toTell(place) {
  const values = {};
  for (const { block_id, action_id, held, told } of places.get(keyOf(place))?.values() ?? []) {
    (values[block_id] ??= {})[action_id] = held;
    told.add(said(held));
  }
  return values;
}

/** Forget what was entered in views that are gone, and under ids that are gone from the others. */
export function tidy(views) {
  const ids = new Map(views.map((view) => [view.id, idsOn(view.blocks)]));
  for (const [key, entries] of places) {
    if (key.includes("/")) continue; // a message's
    if (!ids.has(key)) places.delete(key);
    for (const id of entries.keys()) if (!ids.get(key)?.has(id)) entries.delete(id);
  }
}

const idOf = (block_id, action_id) => `${block_id}\n${action_id}`;

/** The ids of every element on these blocks, however deep. */
function idsOn(blocks, block_id) {
  return new Set(blocks.flatMap((one) => {
    if (typeof one !== "object" || one === null) return [];
    const block = one.block_id ?? block_id;
    return [...(one.action_id ? [idOf(block, one.action_id)] : []), ...idsOn(Object.values(one), block)];
  }));
}

function initialOf(element) {
  const [key, initial] = KEYS[element.type];
  return holding(element, element[initial] ?? (key.endsWith("s") ? [] : null));
}

/** A value as `state.values` has it; a time picker reports its zone too, where it names one. */
function holding(element, value) {
  return { type: element.type, [valueKey(element)]: value, ...(element.timezone && { timezone: element.timezone }) };
}

function knownOf(place, block, element) {
  const known = place.values?.[block.block_id]?.[element.action_id];
  return known?.type === element.type ? known : null;
}

/** A value as one string; rich text by its words, as the workspace composes what was typed. */
function said(held) {
  const rich = "rich_text_value" in held ? { rich_text_value: wordsOf(held.rich_text_value) } : {};
  return JSON.stringify({ ...held, ...rich });
}

function isOurs(entry, known) {
  if (!known) return true;
  const words = said(known);
  if (words === entry.base) return true;
  if (!entry.told.has(words)) return false;
  entry.base = words;
  return true;
}
