/** The workspace's time, and moving it. */

import { h } from "../dom.js";
import { notify, send } from "../server.js";
import { me, now } from "../state.js";

const STEPS = [["+15 minutes", { by: 900 }], ["Next morning", { next: "morning" }], ["Next Monday", { next: "monday" }]];

export function Time() {
  const words = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: me()?.tz }).format(now());
  return h("section", { class: "time" }, h("h3", {}, "Time"), h("p", {}, words),
    STEPS.map(([label, body]) => h("button", { key: label, type: "button", class: "button", on: { click: () => send("clock", body).catch((fault) => notify(fault.message)) } }, label)));
}
