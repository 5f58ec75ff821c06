/** Above a conversation: its name, topic, people, pins and bookmarks, what can stand beside it, and the app's tabs. */

import { h } from "./dom.js";
import { characterOf } from "./emoji.js";
import { Topic } from "./header/topic.js";
import { icon } from "./icons.js";
import { open } from "./places.js";
import { change, conversation, nameOf, state, user } from "./state.js";
import { link } from "./text/mrkdwn.js";

const MOST_PICTURES = 3;
const PANELS = [
  ["details", "Details", "info"],
  ["time", "Time", "clock"],
  ["trouble", "Trouble", "trouble"],
  ["wire", "Wire", "wire"],
];
const TABS = [
  ["home", "Home", () => state.app.home_tab],
  ["messages", "Messages", () => state.app.messages_tab],
  ["about", "About", () => true],
];

export function Header() {
  const one = conversation();
  const panels = PANELS.filter(([panel]) => one || panel !== "details");
  return h("header", { key: "header", class: "header" },
    h("div", { class: "row" },
      one ? Name(one) : null, one ? Topic(one) : null,
      h("div", { class: "buttons" }, one ? Facts(one) : null, panels.map(PanelButton))),
    one?.bookmarks.length ? Bookmarks(one) : null,
    one && one.with === state.app.bot ? Tabs() : null,
  );
}

function Name(one) {
  const sign = { public: "hash", private: "lock", mpim: "people" }[one.kind];
  return h("h2", {}, h("button", { type: "button", class: "name", title: "Details", on: { click: showDetails } },
    sign ? icon(sign) : h("img", { class: "picture", src: user(one.with)?.picture, alt: "" }),
    h("span", {}, nameOf(one)),
    one.is_archived ? h("span", { class: "tag" }, "archived") : null));
}

/** How many are in it and how much is pinned; both lead to the details. */
function Facts(one) {
  const shown = one.members.slice(0, MOST_PICTURES);
  const pictures = shown.map((id) => h("img", { key: id, src: user(id)?.picture, alt: "" }));
  return [
    one.kind === "im" ? null : Count("View all members", one.members.length, "members", pictures),
    one.pins.length ? Count("Pinned", one.pins.length, "pinned", icon("pin")) : null,
  ];
}

function Count(label, count, kind, sign) {
  return h("button", {
    type: "button", class: `quiet ${kind}`, key: kind, "aria-label": `${label}: ${count}`, title: label,
    on: { click: showDetails },
  }, sign, h("span", {}, count));
}

function PanelButton([panel, label, sign]) {
  const isOpen = state.panel === panel && !state.thread;
  return h("button", {
    type: "button", class: "quiet", key: panel, "aria-pressed": String(isOpen), "aria-label": label, title: label,
    on: { click: () => show(isOpen ? null : panel) },
  }, icon(sign), h("span", { class: "label" }, label));
}

function show(panel) {
  change({ panel, thread: null });
}

const showDetails = () => show("details");

function Bookmarks(one) {
  return h("ul", { class: "bookmarks", "aria-label": "Bookmarks" }, one.bookmarks.map((bookmark) =>
    h("li", { key: bookmark.id }, Sign(bookmark), link(bookmark.link, bookmark.title))));
}

function Sign({ emoji: name }) {
  const char = name && characterOf(name.replaceAll(":", ""));
  return char ? h("span", { class: "emoji", "aria-hidden": "true" }, char) : icon("link");
}

function Tabs() {
  const tabs = TABS.filter(([, , isThere]) => isThere());
  const go = (tab) => open(state.at, { tab });
  const step = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = tabs.findIndex(([tab]) => tab === state.tab);
    const [next] = tabs[(at + by + tabs.length) % tabs.length];
    go(next);
    event.currentTarget.querySelector(`[data-tab=${next}]`).focus();
  };
  return h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name, on: { keydown: step } },
    tabs.map(([tab, label]) => Tab(tab, label, () => go(tab))));
}

function Tab(tab, label, click) {
  const isOpen = state.tab === tab;
  return h("button", {
    key: tab, type: "button", role: "tab", "data-tab": tab, "aria-selected": String(isOpen),
    tabindex: isOpen ? "0" : "-1", on: { click },
  }, label);
}
