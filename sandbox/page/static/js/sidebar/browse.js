/** All public channels, to join or to look at. */

import { closeDialog, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { open } from "../places.js";
import { attempt } from "../server.js";
import { change, state } from "../state.js";
import { words } from "../text/mrkdwn.js";

const LABEL = "Search for channels";

/** Show every channel one may find, the archived ones under a fold. */
export function browseChannels() {
  const search = { typed: "" };
  openDialog({ title: "Browse channels", body: () => [Search(search), Found(search)] });
}

function Search(search) {
  return h("input", {
    key: "search", class: "search", type: "search", "aria-label": LABEL, placeholder: LABEL, "data-focus": true,
    on: { input: (event) => { search.typed = event.target.value.trim().toLowerCase(); change(); } },
  });
}

function Found({ typed }) {
  const found = Object.values(state.conversations).filter((one) => ["public", "private"].includes(one.kind))
    .filter((one) => [one.name, one.topic, one.purpose].some((text) => text.toLowerCase().includes(typed)))
    .sort((a, b) => a.name.localeCompare(b.name));
  const archived = found.filter((one) => one.is_archived);
  const active = found.filter((one) => !one.is_archived);
  return h("div", { key: "found", class: "channels" },
    h("ul", { "aria-label": "Channels" }, active.map(Row)),
    active.length ? null : h("p", { class: "empty" }, "No channel is called so."),
    archived.length ? Archived(archived) : null);
}

function Archived(channels) {
  return h("details", {}, h("summary", {}, `Archived channels (${channels.length})`), h("ul", {}, channels.map(Row)));
}

function Row(one) {
  const go = () => {
    closeDialog();
    open(one.id);
  };
  const join = () => attempt("joins", { channel: one.id });
  const count = `${one.members.length} ${one.members.length === 1 ? "member" : "members"}`;
  const facts = `${one.is_member ? "Joined · " : ""}${count}`;
  const about = one.purpose || one.topic;
  const canJoin = !one.is_member && !one.is_archived;
  return h("li", { key: one.id },
    h("div", { class: "about" },
      h("strong", {}, icon(one.kind === "private" ? "lock" : "hash"), one.name),
      h("small", {}, facts, about ? [" · ", words(about)] : null)),
    Deed("Open", one, go),
    canJoin ? Deed("Join", one, join, "primary") : null);
}

function Deed(label, one, click, style = "") {
  const name = `${label} ${one.name}`;
  return h("button", { type: "button", key: label, class: `button ${style}`, "aria-label": name, on: { click } },
    label);
}
