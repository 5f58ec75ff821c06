/** Jumping to any conversation or person by typing a few letters: Ctrl K, or ⌘ K. */

import { closeDialog, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { open, openApp, openWith } from "../places.js";
import { change, nameOf, state } from "../state.js";

const MOST = 12;

/** Open it. */
export function openSwitcher() {
  const search = { typed: "", at: 0 };
  openDialog({ title: "Jump to a conversation", body: () => [Search(search), Found(search)] });
}

addEventListener("keydown", (event) => {
  const isAsked = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!isAsked || event.shiftKey || event.altKey || !state.me) return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) openSwitcher();
});

function Search(search) {
  const found = matching(search.typed);
  return h("input", {
    key: "search", class: "search", type: "text", role: "combobox", autocomplete: "off", "data-focus": true,
    "aria-label": "Jump to", placeholder: "A channel's or a person's name",
    "aria-expanded": String(found.length > 0), "aria-controls": "jump-list",
    "aria-activedescendant": found.length ? `jump-${search.at}` : null,
    on: {
      input: (event) => { Object.assign(search, { typed: event.target.value.trim().toLowerCase(), at: 0 }); change(); },
      keydown: (event) => keydown(event, search),
    },
  });
}

function keydown(event, search) {
  const found = matching(search.typed); // of what is typed by now, which may not be drawn yet
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    if (found[search.at]) go(found[search.at]);
  } else if (step && found.length) {
    event.preventDefault();
    search.at = (search.at + step + found.length) % found.length;
    change();
  }
}

function Found(search) {
  const found = matching(search.typed);
  if (!found.length) return h("p", { key: "none", class: "empty" }, "Nothing here is called so.");
  return h("ul", { key: "found", class: "jumps", role: "listbox", id: "jump-list", "aria-label": "Conversations" },
    found.map((one, i) => Choice(one, i, i === search.at)));
}

function Choice(one, i, isChosen) {
  return h("li", {
    key: one.key, role: "option", id: `jump-${i}`, "aria-selected": String(isChosen),
    updated: (dom) => isChosen && dom.scrollIntoView({ block: "nearest" }), on: { click: () => go(one) },
  },
  one.picture ? h("img", { class: "sign", src: one.picture, alt: "" }) : icon(one.sign),
  h("span", { class: "name" }, one.name),
  one.unread ? h("span", { class: "badge" }, "unread") : null,
  one.note ? h("small", {}, one.note) : null);
}

function go(one) {
  closeDialog();
  one.go();
}

/** Unread first while nothing is typed; then those whose names begin so before those that have it inside. */
function matching(typed) {
  const begins = (one) => [one.name, one.also ?? ""].some((name) => name.toLowerCase().startsWith(typed));
  const rank = (one) => Number(typed ? !begins(one) : !one.unread);
  return [...rooms(), ...persons()].filter((one) => `${one.name} ${one.also ?? ""}`.toLowerCase().includes(typed))
    .sort((a, b) => rank(a) - rank(b) || a.order - b.order || a.name.localeCompare(b.name)).slice(0, MOST);
}

const SIGNS = { public: "hash", private: "lock", mpim: "people" };

function rooms() {
  const all = Object.values(state.conversations).filter((one) => one.kind !== "im");
  return all.map((one) => ({
    key: one.id, name: nameOf(one), sign: SIGNS[one.kind], unread: one.unread, order: orderOf(one),
    go: () => open(one.id),
    note: one.is_archived ? "archived" : one.is_member ? "" : "not joined",
  }));
}

/** Channels one is in, then people, group DMs, channels to look at, and those that are closed. */
function orderOf(one) {
  if (one.is_archived) return 4;
  if (one.kind === "mpim") return 2;
  return one.is_member ? 0 : 3;
}

function persons() {
  const direct = Object.values(state.conversations).filter((one) => one.kind === "im");
  return Object.values(state.people.users).filter((one) => !one.deleted).map((one) => ({
    key: one.id, name: one.real_name, also: one.name, picture: one.picture, order: 1, note: one.is_bot ? "app" : "",
    unread: direct.find((dm) => dm.with === one.id)?.unread,
    go: () => (one.id === state.app.bot ? openApp() : openWith(one.id)),
  }));
}
