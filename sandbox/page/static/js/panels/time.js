/** The workspace's time, and moving it. */

import { h } from "../dom.js";
import { send } from "../server.js";
import { change, me, now, state } from "../state.js";
import { dateWords } from "../text/dates.js";

const STEPS = [
  ["+15 minutes", { by: 900 }],
  ["+1 hour", { by: 3600 }],
  ["Next morning", { next: "morning" }],
  ["Next Monday", { next: "monday" }],
];
const WHY = "Move time, to see now what the app will say later. It lives through all that lies between; "
  + "time cannot go back. A morning is at 9 AM.";
const MOMENT = "{date_long_pretty} at {time}";

let refusal = ""; // what was said to the last wish
let wanted = ""; // what stands in the field, once somebody has written into it

/** Now, and further on. */
export function Time() {
  const isMoving = Boolean(state.clock.heading);
  return h("div", { class: "panel-body", mounted: tick },
    h("p", { class: "clock" },
      h("time", { class: "clock-time" }, said(now(), "{time_secs}")),
      h("span", { class: "quiet" }, `${said(now(), "{date_long_full}")} · ${me()?.tz ?? "UTC"}`)),
    isMoving ? Moving() : h("p", { key: "why", class: "quiet" }, WHY),
    h("div", { class: "time-steps", role: "group", "aria-label": "Move time" },
      STEPS.map(([label, body]) => Step(label, body, isMoving))),
    Until(isMoving),
    h("p", { key: "refusal", class: "refusal", role: "alert" }, refusal));
}

/** Until when time is being moved, in words; empty while it goes on by itself. */
export const headingWords = () => (state.clock.heading ? said(state.clock.heading * 1000, MOMENT) : "");

const said = (at, format) => dateWords(Math.floor(at / 1000), format, "");

function Moving() {
  return h("p", { key: "moving", class: "moving", role: "status" },
    h("span", { class: "spinner", "aria-hidden": "true" }), `Moving to ${headingWords()} …`);
}

function Step(label, body, disabled) {
  return h("button", { key: label, type: "button", class: "button", disabled, on: { click: () => move(body) } }, label);
}

function Until(disabled) {
  const submit = (event) => {
    event.preventDefault();
    move({ to: wanted || nextHour() });
  };
  const input = (event) => { wanted = event.target.value; };
  const value = wanted || nextHour();
  return h("form", { class: "until", on: { submit } },
    h("label", {}, "Move to",
      h("input", { type: "datetime-local", class: "field", required: true, value, disabled, on: { input } })),
    h("button", { type: "submit", class: "button", disabled }, "Move"));
}

/** The next full hour as the field holds it, by the reader's clock. */
function nextHour() {
  const timeZone = me()?.tz ?? "UTC";
  const format = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone });
  return `${format.format(now() + 3_600_000).replace(" ", "T").slice(0, 13)}:00`;
}

async function move(body) {
  refusal = "";
  try {
    await send("clock", body);
    wanted = "";
  } catch (fault) {
    refusal = fault.message;
  }
  change();
}

/** The seconds go on while they are seen. */
function tick(dom) {
  const timer = setInterval(() => (dom.isConnected ? change() : clearInterval(timer)), 1000);
}
