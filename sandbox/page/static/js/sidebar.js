/** The list at the left: who I am, channels, direct messages, the app. */

import { h, lazy } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { open, openApp } from "./places.js";
import { browseChannels } from "./sidebar/browse.js";
import { createChannel } from "./sidebar/create.js";
import { newMessage } from "./sidebar/people.js";
import { openSwitcher } from "./sidebar/switcher.js";
import { Who } from "./sidebar/who.js";
import { appConversation, change, me, nameOf, state, user } from "./state.js";

const KEYS = /Mac/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
let closed = []; // titles of the sections that are folded

export function Sidebar() {
  return lazy("sidebar", [state.conversations, state.people, state.me, state.at, closed], List);
}

function List() {
  if (!me()) return h("nav", { class: "sidebar", "aria-label": "Conversations" });
  return h("nav", { class: "sidebar", "aria-label": "Conversations", on: { keydown: moveFocus } },
    h("h1", {}, state.team.name),
    Who(),
    h("button", { type: "button", class: "jump", "aria-keyshortcuts": "Control+K Meta+K", on: { click: openSwitcher } },
      icon("search"), "Jump to …", h("kbd", { "aria-hidden": "true" }, KEYS)),
    Section("Channels", channels(), me().is_guest ? null : Add("Add channels", addChannels, "menu")),
    Section("Direct messages", directMessages(), Add("New message", newMessage, "dialog")),
    Section("Apps", [app()]),
  );
}

/** What the list shows, from top to bottom: also what the arrow keys go through. */
function channels() {
  const all = Object.values(state.conversations).filter((one) => ["public", "private"].includes(one.kind));
  return all.filter((one) => one.id === state.at || (one.is_member && !one.is_archived))
    .sort((a, b) => a.name.localeCompare(b.name)).map(itemOf);
}

function directMessages() {
  const all = Object.values(state.conversations).filter((one) => ["im", "mpim"].includes(one.kind));
  return all.filter((one) => one.with !== state.app.bot && (one.id === state.at || one.is_open))
    .map(itemOf).sort((a, b) => a.name.localeCompare(b.name));
}

function itemOf(one) {
  const name = nameOf(one) + (one.with === state.me ? " (you)" : "");
  return { id: one.id, one, name, isHere: one.id === state.at, go: () => open(one.id) };
}

function app() {
  const one = appConversation();
  const isHere = Boolean(one) && one.id === state.at;
  const name = user(state.app.bot)?.real_name ?? state.app.name;
  return { id: one?.id ?? "app", one, name, isHere, go: () => openApp() };
}

function Section(title, items, add = null) {
  const isClosed = closed.includes(title);
  const shown = isClosed ? items.filter(({ one, isHere }) => isHere || one?.unread) : items;
  const toggle = () => {
    closed = isClosed ? closed.filter((one) => one !== title) : [...closed, title];
    change();
  };
  return h("section", { key: title, "aria-label": title },
    h("header", {}, h("h2", {}, Fold(title, isClosed, toggle)), add),
    h("ul", {}, shown.map(Item)));
}

function Fold(title, isClosed, click) {
  return h("button", { type: "button", class: "fold", "aria-expanded": String(!isClosed), on: { click } },
    icon("chevron"), title);
}

function Add(label, click, opens) {
  return h("button", {
    type: "button", class: "add", "aria-label": label, title: label, "aria-haspopup": opens, on: { click },
  }, icon("plus"));
}

function addChannels(event) {
  const items = [{ label: "Create a channel", act: createChannel }, { label: "Browse channels", act: browseChannels }];
  openMenu(event.currentTarget, items, { label: "Add channels" });
}

function Item({ id, one, name, isHere, go }) {
  const stands = `${isHere ? " here" : ""}${one?.unread ? " unread" : ""}${one?.is_member === false ? " visited" : ""}`;
  return h("li", { key: id },
    h("a", {
      href: `/?${new URLSearchParams({ as: state.as, ...(one && { in: id }) })}`, class: `item${stands}`,
      "aria-current": isHere ? "page" : false, tabindex: isHere ? "0" : "-1", title: name,
      on: { click: (event) => goThere(event, go) },
    }, Sign(one), h("span", { class: "name" }, name),
    one?.unread ? h("span", { class: "unseen" }, one.mentions ? "unread, mentions:" : "unread") : null,
    one?.mentions ? h("span", { class: "badge" }, one.mentions > 99 ? "99+" : one.mentions) : null));
}

/** A new tab or window is the browser's to open. */
function goThere(event, go) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go();
}

function Sign(one) {
  if (one?.kind === "public") return icon("hash");
  if (one?.kind === "private") return icon("lock");
  if (one?.kind === "mpim") return h("span", { class: "sign count", "aria-hidden": "true" }, one.members.length - 1);
  return h("img", { class: "sign", src: user(one?.with ?? state.app.bot)?.picture, alt: "" });
}

const STEPS = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: () => Infinity };

/** Arrows go from one conversation to the next; Tab leaves the list. */
function moveFocus(event) {
  const step = STEPS[event.key];
  const all = [...event.currentTarget.querySelectorAll(".item")];
  const at = all.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(step(at), all.length - 1))].focus();
}
