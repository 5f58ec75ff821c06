/** The list at the left: who I am, channels, direct messages, the app. */

import { h } from "./dom.js";
import { become, open } from "./places.js";
import { act } from "./server.js";
import { appConversation, nameOf, state, user } from "./state.js";

export function Sidebar() {
  const all = Object.values(state.conversations).filter((one) => !one.is_archived);
  const channels = all.filter((one) => ["public", "private"].includes(one.kind) && one.is_member);
  const direct = all.filter((one) => ["im", "mpim"].includes(one.kind) && one.is_open && one.with !== state.app.bot);
  channels.sort((a, b) => a.name.localeCompare(b.name));
  return h("nav", { class: "sidebar", "aria-label": "Conversations", key: "sidebar" },
    h("h1", {}, state.team.name ?? ""),
    h("label", { class: "who" }, "You are",
      h("select", { on: { change: (event) => become(event.target.value) } },
        state.names.map((name) => h("option", { key: name, value: name, selected: name === state.as }, name)))),
    Section("Channels", channels),
    Section("Direct messages", direct),
    h("section", { key: "Apps" }, h("h2", {}, "Apps"), h("ul", {}, AppItem())),
  );
}

function Section(title, conversations) {
  return h("section", { key: title }, h("h2", {}, title), h("ul", {}, conversations.map(Item)));
}

function Item(one) {
  const sign = { public: "#", private: "🔒", im: "", mpim: "" }[one.kind];
  const isHere = one.id === state.at;
  return h("li", { key: one.id },
    h("a", {
      href: `/?as=${state.as}&in=${one.id}`,
      class: `item${isHere ? " here" : ""}${one.unread ? " unread" : ""}`,
      "aria-current": isHere ? "page" : false,
      on: { click: (event) => { event.preventDefault(); open(one.id); } },
    }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", { class: "name" }, nameOf(one)),
      one.mentions ? h("span", { class: "badge" }, one.mentions) : null));
}

function AppItem() {
  const bot = user(state.app.bot);
  const one = appConversation();
  return bot ? h("li", {}, h("a", {
    href: "#",
    class: `item${one && one.id === state.at ? " here" : ""}${one?.unread ? " unread" : ""}`,
    on: { click: async (event) => {
      event.preventDefault();
      const { channel } = await act("opens", { users: [bot.id] });
      open(channel, { tab: state.app.home_tab ? "home" : "messages" });
    } },
  }, h("span", { class: "name" }, bot.real_name))) : null;
}
