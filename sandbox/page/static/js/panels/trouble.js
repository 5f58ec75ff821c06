/** What goes wrong on demand: switches, and the app's process. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { hear, notify, send } from "../server.js";
import { change, state } from "../state.js";
import { headingWords } from "./time.js";

/** Each a few settings; what it is called on the page, what it does, and how it is said while it is on. */
const CHOICES = [
  ["slow", "Slow Slack", "Every call of the Web API takes this long.", [0, 1, 3], (it) => `every call takes ${it} s`],
  ["throttle", "Rate limits", "A method called again sooner is answered 429 with Retry-After.", [0, 5, 30],
    (it) => `each method once in ${it} s`],
];
const SWITCHES = [
  ["down", "Slack is down", "The Web API answers 503, the connection is cut, and nothing reaches the app.",
    "Slack is down"],
  ["twice", "Deliver everything twice", "The app hears of each event, command and click a second time.",
    "everything comes twice"],
  ["reorder", "Events out of order", "Events that happen close together reach the app in another order.",
    "events are out of order"],
];
const WHY = "See how the app bears it, and on the wire how it recovers. It is the same for everybody here.";

hear("trouble", ({ trouble }) => change({ trouble }));

/** The panel. */
export function Trouble() {
  const trouble = state.trouble ?? {};
  return h("div", { class: "panel-body" },
    h("p", { class: "quiet" }, WHY),
    AppProcess(trouble.app),
    CHOICES.map((choice) => Choice(trouble, ...choice)),
    SWITCHES.map((one) => Switch(trouble, ...one)),
    LostAnswer(trouble.lost_answers),
    Button("Everything works again", { clear: true }, { kind: " primary", disabled: !troubles().length }));
}

/** Above everything: what trouble is on, so that nobody forgets it, and what is to be waited for. */
export function TroubleBar() {
  const on = troubles();
  const isStarting = state.trouble?.app === "starting";
  const heading = state.panel === "time" && !state.thread ? "" : headingWords(); // there it is said already
  const click = () => set({ clear: true });
  return h("div", { key: "bar", class: `bar${on.length || heading || isStarting ? " shown" : ""}`, role: "status" },
    isStarting ? h("p", { key: "starting" },
      h("span", { class: "spinner", "aria-hidden": "true" }), `${state.app.name} is starting …`) : null,
    heading ? h("p", { key: "time" }, icon("clock"), `Time is moving to ${heading} …`) : null,
    on.length ? h("p", { key: "trouble" }, icon("trouble"), h("span", {}, `Trouble: ${on.join(", ")}.`),
      h("button", { type: "button", class: "link", on: { click } }, "End all trouble")) : null);
}

/** What is on, in words. */
function troubles() {
  const trouble = state.trouble;
  if (!trouble) return [];
  return [
    trouble.app === "killed" ? "the bot is killed" : "",
    ...CHOICES.map(([name, , , , words]) => (trouble[name] ? words(trouble[name]) : "")),
    ...SWITCHES.map(([name, , , words]) => (trouble[name] ? words : "")),
    trouble.lost_answers ? "the next answer gets lost" : "",
  ].filter(Boolean);
}

function AppProcess(it) {
  const { name } = state.app;
  if (!it) return h("p", { key: "app", class: "quiet" }, `${name} is run elsewhere: end it and start it there.`);
  const words = h("p", { class: "quiet", role: "status" },
    h("span", { class: `lamp ${it}`, "aria-hidden": "true" }), `${name} is ${it}`);
  return h("section", { key: "app", class: "switch" },
    h("div", { class: "switch-words" }, h("h3", {}, "The bot’s process"), words),
    it === "killed" ? Button("Start it again", { app: "start" }, { key: "app" })
      : Button("Kill the bot", { app: "kill" }, { key: "app", kind: " danger" }));
}

function Choice(trouble, name, label, what, values) {
  const Pick = (value) => h("label", { key: value, class: "pick" },
    h("input", {
      type: "radio", name, checked: (trouble[name] ?? 0) === value, on: { change: () => set({ [name]: value }) },
    }),
    h("span", {}, value ? `${value} s` : "Off"));
  return h("fieldset", { key: name, class: "switch" }, h("legend", { class: "unseen" }, label),
    Words(name, label, what), h("div", { class: "picks" }, values.map(Pick)));
}

function Switch(trouble, name, label, what) {
  const isOn = Boolean(trouble[name]);
  return h("section", { key: name, class: "switch" },
    Words(name, label, what),
    h("button", {
      type: "button", role: "switch", class: "toggle", "aria-checked": String(isOn), "aria-label": label,
      "aria-describedby": `what-${name}`, on: { click: () => set({ [name]: !isOn }) },
    }, h("span", { class: "knob", "aria-hidden": "true" })));
}

function LostAnswer(waiting) {
  const what = `What the app asks for next is done, but it never hears so.${waiting ? ` ${waiting} to be lost.` : ""}`;
  return h("section", { key: "lose", class: "switch" },
    Words("lose", "A lost answer", what), Button("Lose the next answer", { lose_answer: true }));
}

function Words(name, label, what) {
  return h("div", { class: "switch-words" },
    h("h3", { "aria-hidden": "true" }, label), h("p", { class: "quiet", id: `what-${name}` }, what));
}

/** A button that sets these; under the same key one takes the place of another and keeps the focus. */
function Button(label, switches, { key = label, kind = "", disabled = false } = {}) {
  const click = () => set(switches);
  return h("button", { key, type: "button", class: `button${kind}`, disabled, on: { click } }, label);
}

async function set(switches) {
  try {
    await send("trouble", switches);
  } catch (fault) {
    notify(fault.message);
  }
}
