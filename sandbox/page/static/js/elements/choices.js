/** What there is to choose from in each kind of select: groups of {key, text, note?, picture?, sign?, value}. */

import { conversation, nameOf, state, user } from "../state.js";
import { plain } from "../text/texts.js";
import { offers } from "./telling.js";

const SHORTEST = 3; // blocks.json: external_select, min_query_length

/** The part of a select's type that says what it offers: static, external, users, conversations or channels. */
const kindOf = (element) => element.type.replace("multi_", "").replace("_select", "");

/** How many characters are to be typed before the app is asked; null where it is not. */
export function shortestQuery(element) {
  return kindOf(element) === "external" ? element.min_query_length ?? SHORTEST : null;
}

/** Groups of what is offered here, without what the app is asked for. */
export function choices(element) {
  if (kindOf(element) === "static") return groupsOf(element);
  return [{ label: "", options: (LISTS[kindOf(element)]?.(element) ?? []).map((id) => shownAs(element, id)) }];
}

/** What the app offers for the words typed. */
export async function offered(place, block, element, typed) {
  return groupsOf(await offers(place, block, element, typed));
}

/** A value as one of the choices. */
export function shownAs(element, value) {
  if (typeof value === "object") return fromOption(value);
  if (kindOf(element) === "users") return fromUser(value);
  return fromConversation(value);
}

/** Whether a conversation may be chosen here. */
export const offersConversation = (element, id) => LISTS.conversations(element).includes(id);

const LISTS = {
  users: () => sorted(Object.values(state.people.users).filter((one) => !one.deleted), (one) => one.real_name),
  channels: () => sorted(open().filter((one) => one.kind === "public"), (one) => one.name),
  conversations: ({ filter = {} }) => sorted(open().filter((one) => (filter.include ?? [one.kind]).includes(one.kind))
    .filter((one) => !(filter.exclude_bot_users && one.kind === "im" && user(one.with)?.is_bot)), nameOf),
};

const open = () => Object.values(state.conversations).filter((one) => !one.is_archived);

function sorted(list, name) {
  return list.toSorted((a, b) => name(a).localeCompare(name(b))).map((one) => one.id);
}

function groupsOf({ options, option_groups }) {
  if (options) return [{ label: "", options: options.map(fromOption) }];
  return (option_groups ?? []).map((group) => ({ label: plain(group.label), options: group.options.map(fromOption) }));
}

function fromOption(option) {
  return { key: option.value, text: plain(option.text), note: plain(option.description), value: option };
}

function fromUser(id) {
  const one = user(id);
  return { key: id, text: one?.real_name ?? id, note: one ? `@${one.name}` : "", picture: one?.picture, value: id };
}

function fromConversation(id) {
  const one = conversation(id);
  if (one?.kind === "im") return { ...fromUser(one.with), key: id, value: id };
  const sign = { public: "hash", private: "lock" }[one?.kind] ?? "people";
  return { key: id, text: one ? nameOf(one) : "private conversation", sign, value: id };
}
