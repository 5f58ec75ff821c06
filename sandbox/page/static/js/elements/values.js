/** What is entered where, and telling the app of it. */

import { act, notify } from "../server.js";
import { change } from "../state.js";

/** Entered here and not yet told: by place, block_id and action_id. */
const entered = new Map();

const keyOf = (place) => (place.kind === "view" ? place.id : `${place.channel}/${place.ts}`);
const idsOf = (place) => (place.kind === "view" ? { view_id: place.id } : { channel: place.channel, ts: place.ts });

const INITIAL = {
  plain_text_input: ["value", "initial_value"], email_text_input: ["value", "initial_value"], url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"], rich_text_input: ["rich_text_value", "initial_value"],
  static_select: ["selected_option", "initial_option"], external_select: ["selected_option", "initial_option"], radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"], multi_external_select: ["selected_options", "initial_options"], checkboxes: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"], multi_users_select: ["selected_users", "initial_users"],
  conversations_select: ["selected_conversation", "initial_conversation"], multi_conversations_select: ["selected_conversations", "initial_conversations"],
  channels_select: ["selected_channel", "initial_channel"], multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"], timepicker: ["selected_time", "initial_time"], datetimepicker: ["selected_date_time", "initial_date_time"],
  file_input: ["files", ""],
};

/** What an element holds: what was entered here, else what the workspace knows, else what it began with. */
export function held(place, block, element) {
  const [key, initial] = INITIAL[element.type];
  const own = entered.get(keyOf(place))?.[block.block_id]?.[element.action_id];
  const known = place.values?.[block.block_id]?.[element.action_id];
  const found = [own, known].find((one) => one?.type === element.type);
  return found ?? { type: element.type, [key]: element[initial] ?? (key.endsWith("s") ? [] : null) };
}

/** Everything entered at a place, in the form of Slack's state.values. */
export const enteredAt = (place) => entered.get(keyOf(place)) ?? {};

/** Forget what was entered at a place, once it is gone. */
export const forget = (place) => entered.delete(keyOf(place));

/** Enter a value; the app hears of it at once where the element is to tell. `value` is {selected_option: …} and the like. */
export function enter(place, block, element, value, { tell = block.type !== "input" || dispatches(block, element) } = {}) {
  const blocks = entered.get(keyOf(place)) ?? {};
  blocks[block.block_id] = { ...blocks[block.block_id], [element.action_id]: { type: element.type, ...value } };
  entered.set(keyOf(place), blocks);
  change();
  return tell ? use(place, block, element, value) : null;
}

/** Text inputs tell on Enter unless they ask for every character; whatever is chosen tells when it is. */
function dispatches(block, element) {
  return Boolean(block.dispatch_action) && !element.type.endsWith("_input");
}

/** Tell the app that an element was used: pressed, or given this value. */
export async function use(place, block, element, value) {
  try {
    const ids = { block_id: block.block_id, action_id: element.action_id };
    const { failed } = await act("uses", { ...idsOf(place), ...ids, value, values: enteredAt(place) });
    if (failed) notify("The app did not answer in time. Try again.");
  } catch (fault) {
    notify(fault.message);
  }
}

/** What an external select offers for what was typed: {options} or {option_groups}. */
export function offers(place, block, element, typed) {
  const ids = { block_id: block.block_id, action_id: element.action_id };
  return act("asks", { ...idsOf(place), ...ids, typed, values: enteredAt(place) });
}
