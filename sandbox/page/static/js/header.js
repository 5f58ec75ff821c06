/** Above a conversation: its name, topic, people, pins and bookmarks, what can stand beside it, and the app's tabs. */

import { h } from "./dom.js";
import { characterOf } from "./emoji.js";
import { Topic } from "./header/topic.js";
import { icon } from "./icons.js";
import { open } from "./places.js";
import { change, conversation, nameOf, state, user } from "./state.js";
import { link } from "./text/mrkdwn.js";

const MOST_PICTURES = 3;
const PANELS = [["details", "Details", "info"], ["time", "Time", "clock"], ["trouble", "Trouble", "trouble"], ["wire", "Wire", "wire"]];
const TABS = [["home", "Home", () => state.app.home_tab], ["messages", "Messages", () => state.app.messages_tab], ["about", "About", () => true]];

export function Header() {
  const one = conversation();
  return h("header", { key: "header", class: "header" },
    h("div", { class: "row" },
      one ? Name(one) : null, one ? Topic(one) : null,
      h("div", { class: "buttons" }, one ? Facts(one) : null, PANELS.filter(([panel]) => one || panel !== "details").map(PanelButton))),
    one?.bookmarks.length ? Bookmarks(one) : null,
    one && one.with === state.app.bot ? Tabs() : null,
  );
}

function Name(one) {
  const sign = { public: "hash", private: "lock", mpim: "people" }[one.kind];
  return h("h2", {}, h("button", { type: "button", class: "name", title: "Details", on: { click: () => show("details") } },
    sign ? icon(sign) : h("img", { class: "picture", src: user(one.with)?.picture, alt: "" }), h("span", {}, nameOf(one)),
    one.is_archived ? h("span", { class: "tag" }, "archived") : null));
}

/** How many are in it and how much is pinned; both lead to the details. */
function Facts(one) {
  const count = one.members.length;
  return [
    one.kind === "im" ? null : h("button", { type: "button", class: "quiet members", key: "members", "aria-label": `View all members: ${count}`,
      title: "Members", on: { click: () => show("details") } },
    one.members.slice(0, MOST_PICTURES).map((id) => h("img", { key: id, src: user(id)?.picture, alt: "" })), h("span", {}, count)),
    one.pins.length ? h("button", { type: "button", class: "quiet", key: "pins", "aria-label": `Pinned: ${one.pins.length}`, title: "Pinned",
      on: { click: () => show("details") } }, icon("pin"), h("span", {}, one.pins.length)) : null,
  ];
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

function Bookmarks(one) {
  return h("ul", { class: "bookmarks", "aria-label": "Bookmarks" }, one.bookmarks.map((bookmark) => h("li", { key: bookmark.id },
    Sign(bookmark), link(bookmark.link, bookmark.title))));
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
  return h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name, on: { keydown: step } }, tabs.map(([tab, label]) => h("button", {
    key: tab, type: "button", role: "tab", "data-tab": tab, "aria-selected": String(state.tab === tab), tabindex: state.tab === tab ? "0" : "-1",
    on: { click: () => go(tab) },
  }, label)));
}
