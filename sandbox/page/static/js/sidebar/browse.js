/** All public channels, to join or to look at. */

import { closeDialog, openDialog } from "../dialogs.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { open } from "../places.js";
import { attempt } from "../server.js";
import { change, state } from "../state.js";
import { words } from "../text/mrkdwn.js";

/** Show every channel one may find, the archived ones under a fold. */
export function browseChannels() {
  const search = { typed: "" };
  openDialog({ title: "Browse channels", body: () => [Search(search), Found(search)] });
}

function Search(search) {
  return h("input", {
    key: "search", class: "search", type: "search", "aria-label": "Search for channels", placeholder: "Search for channels", "data-focus": true,
    on: { input: (event) => { search.typed = event.target.value.trim().toLowerCase(); change(); } },
  });
}

function Found({ typed }) {
  const found = Object.values(state.conversations).filter((one) => one.kind === "public" || (one.kind === "private" && one.is_member))
    .filter((one) => [one.name, one.topic, one.purpose].some((text) => text.toLowerCase().includes(typed)))
    .sort((a, b) => a.name.localeCompare(b.name));
  const archived = found.filter((one) => one.is_archived);
  const active = found.filter((one) => !one.is_archived);
  return h("div", { key: "found", class: "channels" },
    h("ul", { "aria-label": "Channels" }, active.map(Row)),
    active.length ? null : h("p", { class: "empty" }, "No channel is called so."),
    archived.length ? h("details", {}, h("summary", {}, `Archived channels (${archived.length})`), h("ul", {}, archived.map(Row))) : null);
}

function Row(one) {
  const go = () => {
    closeDialog();
    open(one.id);
  };
  const count = `${one.members.length} ${one.members.length === 1 ? "member" : "members"}`;
  const facts = `${one.is_member ? "Joined · " : ""}${count}`;
  const about = one.purpose || one.topic;
  const canJoin = !one.is_member && !one.is_archived;
  return h("li", { key: one.id },
    h("div", { class: "about" }, h("strong", {}, icon(one.kind === "private" ? "lock" : "hash"), one.name), h("small", {}, facts, about ? [" · ", words(about)] : null)),
    h("button", { type: "button", class: "button", "aria-label": `Open ${one.name}`, on: { click: go } }, "Open"),
    canJoin ? h("button", { type: "button", class: "button primary", "aria-label": `Join ${one.name}`, on: { click: () => attempt("joins", { channel: one.id }) } },
      "Join") : null);
}
