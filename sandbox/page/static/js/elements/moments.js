/** Fields for a day, a time of day, and both; the browser's own pickers, in the reader's time zone. */

import { h } from "../dom.js";
import { me } from "../state.js";
import { fieldProps } from "./naming.js";
import { choose } from "./telling.js";
import { valueOf } from "./values.js";

/** A day. */
export const DatePicker = (element, block, place) => Moment(element, block, place, { type: "date" });

/** A time of day; in the element's own time zone, where it names one. */
export const TimePicker = (element, block, place) =>
  Moment(element, block, place, { type: "time", zone: element.timezone });

/** A day and a time, which the app is told as Unix seconds. */
export function DateTimePicker(element, block, place) {
  const zone = me()?.tz ?? "UTC";
  const [show, read] = [(value) => localOf(value, zone), (words) => secondsOf(words, zone)];
  return Moment(element, block, place, { type: "datetime-local", zone, show, read });
}

function Moment(element, block, place, { type, zone, show = (value) => value ?? "", read = (words) => words }) {
  const value = show(valueOf(place, block, element));
  const settle = async (dom) => {
    dom._isTyping = false;
    if (dom.value === value || isUnfinished(dom)) return;
    const isChosen = await choose(place, block, element, dom.value ? read(dom.value) : null);
    if (!isChosen) dom.value = value;
  };
  // Each key changes the value: 2, 20, 202, 2026. The app hears of it once it is finished; of what is picked, at once.
  const keydown = (event) => {
    event.target._isTyping = event.key !== "Enter";
    if (event.key === "Enter") settle(event.target);
  };
  return h("span", { key: element.action_id, class: "moment" },
    h("input", {
      ...fieldProps(place, block, element), type, class: "input", value,
      max: type === "time" ? null : `9999-12-31${type === "date" ? "" : "T23:59"}`,
      on: {
        keydown, pointerdown: ({ target }) => (target._isTyping = false),
        change: ({ target }) => !target._isTyping && settle(target), blur: ({ target }) => settle(target),
      },
    }),
    zone && zone !== me()?.tz || type === "datetime-local" ? h("span", { class: "note" }, zone) : null);
}

const isUnfinished = (dom) => dom.validity.badInput;

/** Unix seconds as a clock in this time zone shows them: 2026-11-23T09:00. */
function localOf(seconds, timeZone) {
  if (!seconds) return "";
  const two = "2-digit";
  const shape = { year: "numeric", month: two, day: two, hour: two, minute: two, hourCycle: "h23", timeZone };
  const parts = new Intl.DateTimeFormat("en-GB", shape).formatToParts(seconds * 1000);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
}

/** The Unix seconds at which a clock in this time zone shows this. */
function secondsOf(words, timeZone) {
  const asUtc = (local) => Date.parse(`${local}Z`) / 1000;
  const wanted = asUtc(words);
  // The zone's distance from UTC is taken twice: the first time it may be that of the other side of a change of clocks.
  const first = wanted - (asUtc(localOf(wanted, timeZone)) - wanted);
  return first - (asUtc(localOf(first, timeZone)) - wanted);
}
