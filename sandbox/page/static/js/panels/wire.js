/** What goes over the wire between the workspace and the app, as it happens. */

import { h, lazy } from "../dom.js";
import { ask, hear, notify, watch } from "../server.js";
import { change, me, state } from "../state.js";
import { Tree } from "./tree.js";

const KEPT = 1000;
const WAYS = { in: ["←", "from the app"], out: ["→", "to the app"], link: ["·", "the connection"] };

let entries = new Map(); // by number, oldest first
let held = new Map(); // those that came while it was paused
let isPaused = false;
let filter = { words: "", onlyFailures: false };
const WHAT = "All that passes between the workspace and the app, whoever looks: private channels and DMs too.";

let clearedUpTo = 0;
let isFollowing = true; // whether the newest is kept in sight
const opened = new Map(); // by number: {request, answer}, or null until they have come

/** The panel. */
export function Wire() {
  const shown = [...entries.values()].filter(isWanted);
  return h("div", { class: "wire-body", mounted: begin }, Tools(),
    h("ul", {
      class: "wire-list", key: "list", "aria-label": "Requests and events", mounted: follow, updated: follow,
      on: { scroll, keydown: step },
    },
      shown.map((entry) => lazy(entry.number, [entry, opened.get(entry.number), me()?.tz], () => Row(entry)))),
    shown.length ? null : h("p", { key: "none", class: "empty" },
      entries.size ? "Nothing here matches the filter." : "Nothing has gone over the wire yet."));
}

hear("wire", ({ entries: fresh }) => (state.panel === "wire" && !state.thread ? take(fresh) : watch([])));
hear("hello", () => state.panel === "wire" && begin());

/** Ask for what is kept, and for all that comes from now on. */
async function begin() {
  watch(["wire"]);
  await ask("wire").then((kept) => take(kept.entries), (fault) => notify(fault.message));
}

function take(fresh) {
  for (const entry of fresh) {
    if (entry.number <= clearedUpTo) continue;
    const into = isPaused && !entries.has(entry.number) ? held : entries;
    const known = into.get(entry.number);
    if (known?.took == null) into.set(entry.number, entry); // a list that was asked for may be older than a push
    if (known && opened.has(entry.number) && known.took !== entry.took) load(entry.number);
  }
  entries = new Map([...entries].sort(([a], [b]) => a - b).slice(-KEPT));
  change();
}

function Tools() {
  const { words, onlyFailures } = filter;
  return h("div", { class: "wire-tools", role: "search" },
    h("input", {
      type: "search", class: "field", placeholder: "Filter", "aria-label": "Filter", value: words,
      on: { input: (event) => set({ words: event.target.value }) },
    }),
    h("label", { class: "pick" },
      h("input", {
        type: "checkbox", checked: onlyFailures, on: { change: (event) => set({ onlyFailures: event.target.checked }) },
      }), "Only failures"),
    h("button", { type: "button", class: "button", "aria-pressed": String(isPaused), on: { click: pause } },
      isPaused ? `Resume${held.size ? ` (${held.size} new)` : ""}` : "Pause"),
    h("button", { type: "button", class: "button", on: { click: clear } }, "Clear"),
    h("p", { class: "quiet" }, WHAT));
}

function Row(entry) {
  const { number, way, kind, name, about, state: outcome } = entry;
  const [arrow, direction] = WAYS[way];
  const isOpen = opened.has(number);
  const parts = [
    h("span", { class: `wire-way ${way}`, "aria-label": direction, role: "img", title: direction }, arrow),
    h("span", { class: "wire-name" },
      h("b", {}, name), " ", h("span", { class: "quiet" }, kind === "Web API" ? about : `${kind} ${about}`)),
    h("span", { class: "took" }, entry.took === null ? "" : duration(entry.took)),
    h("time", { class: "quiet" }, timeWords(entry.at)),
    h("span", { class: "outcome" }, entry.outcome),
  ];
  const click = () => toggle(number);
  return h("li", { class: `wire-entry ${outcome}${isOpen ? " open" : ""}` },
    way === "link" ? h("p", { class: "wire-row" }, parts)
      : h("button", { type: "button", class: "wire-row", "aria-expanded": String(isOpen), on: { click } }, parts),
    isOpen ? Opened(number) : null);
}

function Opened(number) {
  const details = opened.get(number);
  if (!details) return h("p", { key: "wait", class: "quiet" }, "Looking it up …");
  const copy = () => navigator.clipboard.writeText(JSON.stringify(details, null, 2))
    .then(() => notify("Copied as JSON."), () => notify("The browser does not let this page copy."));
  return h("div", { key: "tree", class: "tree" }, Tree("request", details.request), Tree("answer", details.answer),
    h("button", { type: "button", class: "button", on: { click: copy } }, "Copy as JSON"));
}

function isWanted(entry) {
  const { words, onlyFailures } = filter;
  if (onlyFailures && entry.state !== "failed") return false;
  const all = `${entry.kind} ${entry.name} ${entry.about} ${entry.outcome}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

function set(changes) {
  filter = { ...filter, ...changes };
  change();
}

function toggle(number) {
  if (opened.delete(number)) return change();
  opened.set(number, null);
  return load(number);
}

async function load(number) {
  change();
  try {
    const { request, answer } = await ask(`wire/${number}`);
    if (opened.has(number)) opened.set(number, { request, answer });
  } catch (fault) {
    opened.delete(number);
    notify(fault.message);
  }
  change();
}

function pause() {
  isPaused = !isPaused;
  const waiting = [...held.values()];
  held = new Map();
  take(waiting);
}

function clear() {
  clearedUpTo = Math.max(0, ...entries.keys(), ...held.keys());
  entries = new Map();
  held = new Map();
  opened.clear();
  change();
}

function scroll({ currentTarget: list }) {
  isFollowing = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
}

function follow(list) {
  if (isFollowing) list.scrollTop = list.scrollHeight;
}

/** Arrow keys go from one entry to the next. */
function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !event.target.matches("button.wire-row")) return;
  const rows = [...event.currentTarget.querySelectorAll("button.wire-row")];
  event.preventDefault();
  rows[rows.indexOf(event.target) + by]?.focus();
}

function duration(milliseconds) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds : Math.round(milliseconds)} ms`;
}

function timeWords(at) {
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { ...time, timeZone: me()?.tz ?? "UTC" }).format(at * 1000);
}
