/** Somebody: name, title, and the time where they are, which can be moved to another zone. */

import { h } from "../dom.js";
import { act, notify } from "../server.js";
import { placeOf } from "../sidebar/who.js";
import { Tag } from "../sidebar/people.js";
import { state } from "../state.js";
import { localTime } from "../text/dates.js";

const ZONES = Intl.supportedValuesOf("timeZone");

export function Profile(one) {
  return h("section", { class: "profile", key: "profile" },
    h("img", { class: "picture", src: one.picture, alt: "" }),
    h("h3", {}, one.real_name, one.id === state.me ? " (you)" : "", Tag(one)),
    h("p", {}, one.title),
    h("dl", {}, h("dt", {}, "Name"), h("dd", {}, `@${one.name}`),
      one.is_bot ? null : LocalTime(one)),
    state.names.includes(one.name) ? Zone(one) : null);
}

const LocalTime = ({ tz }) => [
  h("dt", { key: "time" }, "Local time"),
  h("dd", { key: "time?" }, `${localTime(tz)} in ${placeOf(tz)}`),
];

/** In a sandbox anybody's zone may be changed: it is done as them. */
function Zone(one) {
  const zones = ZONES.includes(one.tz) ? ZONES : [one.tz, ...ZONES];
  const change = ({ target }) =>
    act("changes_profile", { tz: target.value }, one.name).catch((fault) => notify(fault.message));
  const choices = zones.map((zone) => h("option", { key: zone, value: zone }, zone.replaceAll("_", " ")));
  return h("label", { class: "labelled" }, "Time zone", h("select", { value: one.tz, on: { change } }, choices));
}
