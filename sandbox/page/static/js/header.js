/** Above a conversation: its name, topic, members, bookmarks, and for the app its tabs. */

import { h } from "./dom.js";
import { open } from "./places.js";
import { change, conversation, nameOf, state } from "./state.js";
import { mrkdwn } from "./text/mrkdwn.js";

export function Header() {
  const one = conversation();
  if (!one) return h("header", { key: "header", class: "header" });
  return h("header", { key: "header", class: "header" },
    h("h2", {}, one.kind === "public" ? `#${one.name}` : nameOf(one)),
    one.topic ? h("p", { class: "topic" }, mrkdwn(one.topic)) : null,
    h("button", { type: "button", class: "quiet", on: { click: () => change({ panel: state.panel ? null : "time", thread: null }) } }, "Time and trouble"),
    one.with === state.app.bot ? Tabs() : null,
  );
}

function Tabs() {
  const tabs = [["home", "Home", state.app.home_tab], ["messages", "Messages", state.app.messages_tab]];
  return h("div", { class: "tabs", role: "tablist" }, tabs.filter(([, , is]) => is).map(([tab, words]) =>
    h("button", { key: tab, type: "button", role: "tab", "aria-selected": String(state.tab === tab), on: { click: () => open(state.at, { tab }) } }, words)));
}
