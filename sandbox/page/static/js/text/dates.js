/** Times as the reader's own clock and calendar have them, by the workspace's clock. */

import { me, now } from "../state.js";

const DAY = 86_400_000;
const UNITS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
const formatters = new Map();

/** The time of day of a ts, such as 2:05 PM. */
export const timeOf = (ts) => DATE_FORMS.time(Number(ts) * 1000);

/** The same without AM or PM, for where there is little room. */
export const shortTimeOf = (ts) => timeOf(ts).replace(/ [AP]M$/, "");

/** The day of a ts, such as Today, or Friday, November 20th. */
export const dayOf = (ts) => capital(DATE_FORMS.date_long_pretty(Number(ts) * 1000));

/** Day and time of a ts, such as Today at 2:05 PM, or Nov 20 at 2:05 PM. */
export function momentWords(ts) {
  return capital(dateWords(Math.floor(Number(ts)), "{date_short_pretty} at {time}", ""));
}

/** The reader's day, such as 2026-11-21: words that say "today" are to be drawn anew when it changes. */
export const today = () => DATE_FORMS.date_num(now());

/** Somebody's time of day now, such as 2:05 PM. */
export const localTime = (zone) => parts(now(), zone).time;

/** What a date token says to this reader; the fallback where it holds a token that is not one of Slack's. */
export function dateWords(seconds, format, fallback) {
  const at = seconds * 1000;
  const isMoment = Math.abs(at) < 8.64e15;
  const isKnown = [...format.matchAll(TOKEN)].every(([, name]) => Object.hasOwn(DATE_FORMS, name));
  return isMoment && isKnown ? format.replace(TOKEN, (_, name) => DATE_FORMS[name](at)) : fallback;
}

const TOKEN = /\{(\w+)\}/g;

const DATE_FORMS = {
  date_num: (at) => `${parts(at).year}-${parts(at).month}-${parts(at).dayOfMonth}`,
  date_slash: (at) => `${parts(at).month}/${parts(at).dayOfMonth}/${parts(at).year}`,
  date: (at) => `${words(at, { month: "long" })} ${ordinal(Number(parts(at).dayOfMonth))}${year(at)}`,
  date_short: (at) => `${words(at, { month: "short" })} ${Number(parts(at).dayOfMonth)}${year(at)}`,
  date_long: (at) => `${words(at, { weekday: "long" })}, ${DATE_FORMS.date(at)}`,
  date_long_full: (at) => DATE_FORMS.date_long(at),
  date_pretty: (at) => nearDay(at) ?? DATE_FORMS.date(at),
  date_short_pretty: (at) => nearDay(at) ?? DATE_FORMS.date_short(at),
  date_long_pretty: (at) => nearDay(at) ?? DATE_FORMS.date_long(at),
  day_divider_pretty: (at) => nearDay(at) ?? DATE_FORMS.date_long(at),
  time: (at) => parts(at).time,
  time_secs: (at) => parts(at).time.replace(" ", `:${parts(at).second} `),
  ago,
};

/** The pieces of a moment as a calendar there has them, with leading zeros. */
function parts(at, zone = me()?.tz ?? "UTC") {
  const two = "2-digit";
  const options = { year: "numeric", month: two, day: two, hour: two, minute: two, second: two, hourCycle: "h23" };
  const found = {};
  for (const { type, value } of formatter(zone, options).formatToParts(at)) found[type] = value;
  const hour = Number(found.hour);
  const time = `${hour % 12 || 12}:${found.minute} ${hour < 12 ? "AM" : "PM"}`;
  return { year: found.year, month: found.month, dayOfMonth: found.day, second: found.second, time };
}

const words = (at, options) => formatter(me()?.tz ?? "UTC", options).format(at);

/** Making a formatter takes long; each is made once. */
function formatter(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone }));
  return formatters.get(key);
}

function ordinal(day) {
  const ending = day > 10 && day < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th";
  return `${day}${ending}`;
}

const year = (at) => (parts(at).year === parts(now()).year ? "" : `, ${parts(at).year}`);

function nearDay(at) {
  const days = (Date.parse(DATE_FORMS.date_num(at)) - Date.parse(today())) / DAY;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

function ago(at) {
  const seconds = Math.round((now() - at) / 1000);
  const [size, unit] = UNITS.find(([length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  const number = Math.floor(Math.abs(seconds) / size);
  const span = `${number} ${unit}${number === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${span} ago` : `in ${span}`;
}

const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
