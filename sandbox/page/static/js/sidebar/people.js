/** Choosing people: for a new direct message, or to bring into a channel. */

import { closeDialog, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { open } from "../places.js";
import { attempt } from "../server.js";
import { change, state, user } from "../state.js";

const LABEL = "Search for people";
const MOST = 8; // besides oneself, in a group DM

/** Choose whom to write to, and go to the conversation with them. */
export function newMessage() {
  choosePeople({
    title: "New message", done: "Go", most: MOST, among: Object.values(state.people.users),
    take: async (users) => {
      const opened = await attempt("opens", { users });
      if (opened) open(opened.channel);
      return opened;
    },
  });
}

/** Choose whom to bring into a channel. */
export function addPeople(channel) {
  const among = Object.values(state.people.users).filter((one) => !channel.members.includes(one.id));
  choosePeople({
    title: `Add people to ${channel.name}`, done: "Add", most: among.length, among,
    take: async (users) => {
      for (const id of users) {
        if (!await attempt("invites", { channel: channel.id, name: user(id).name })) return false;
      }
      return true;
    },
  });
}

/** `take` gets the ids of those who were chosen, and the dialog closes once it gives something. */
function choosePeople({ title, done, among, most, take }) {
  const choice = { typed: "", chosen: new Set(), most };
  const finish = async () => (await take([...choice.chosen])) && closeDialog();
  openDialog({
    title, isNarrow: true,
    body: () => [Search(choice), People(among.filter((one) => !one.deleted && matches(one, choice.typed)), choice)],
    actions: () => [
      { label: "Cancel" },
      { label: done, style: "primary", isDisabled: !choice.chosen.size, act: finish },
    ],
  });
}

function Search(choice) {
  return h("input", {
    key: "search", class: "search", type: "search", "aria-label": LABEL, placeholder: LABEL, "data-focus": true,
    on: { input: (event) => { choice.typed = event.target.value.trim().toLowerCase(); change(); } },
  });
}

function People(found, choice) {
  if (!found.length) return h("p", { class: "empty", key: "people" }, "Nobody else is called so.");
  found.sort((a, b) => a.is_bot - b.is_bot || a.real_name.localeCompare(b.real_name));
  return h("ul", { class: "choose-people", key: "people" },
    found.map((one) => h("li", { key: one.id }, Choice(one, choice))));
}

function Choice(one, { chosen, most }) {
  const [isChosen, isFull] = [chosen.has(one.id), chosen.size >= most];
  const toggle = () => {
    if (!chosen.delete(one.id)) chosen.add(one.id);
    change();
  };
  return h("label", {},
    h("input", { type: "checkbox", checked: isChosen, disabled: isFull && !isChosen, on: { change: toggle } }),
    h("img", { class: "picture", src: one.picture, alt: "" }),
    h("span", {}, one.real_name, one.id === state.me ? " (you)" : "", Tag(one)));
}

/** What sets somebody apart. */
export function Tag(one) {
  const words = one.is_bot ? "app" : one.is_guest ? "guest" : "";
  return words ? [" ", h("span", { class: "tag" }, words)] : null;
}

const matches = (one, typed) => [one.name, one.real_name].some((name) => name.toLowerCase().includes(typed));
