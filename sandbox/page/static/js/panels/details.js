/** What a conversation is about, who is in it, what is pinned, and what can be done with it. */

import { confirmed } from "../confirm.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { openWith } from "../places.js";
import { attempt } from "../server.js";
import { renameChannel } from "../sidebar/create.js";
import { addPeople, Tag } from "../sidebar/people.js";
import { conversation, me, state, user } from "../state.js";
import { momentWords } from "../text/dates.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { Pins } from "./pins.js";
import { Profile } from "./profile.js";

export function Details() {
  const one = conversation();
  if (!one) return null;
  return h("div", { class: "details", key: one.id },
    one.kind === "im" ? Profile(user(one.with)) : [one.kind === "mpim" ? null : About(one), Members(one)],
    Pins(one),
    ["public", "private"].includes(one.kind) ? Deeds(one) : null);
}

function About(one) {
  const facts = [["Topic", mrkdwn(one.topic)], ["Description", mrkdwn(one.purpose)]].filter(([title]) => one[title === "Topic" ? "topic" : "purpose"]);
  return h("section", { key: "about" },
    h("h3", {}, icon(one.kind === "private" ? "lock" : "hash"), one.name),
    h("dl", {}, facts.map(([title, words]) => [h("dt", { key: title }, title), h("dd", { key: `${title}?` }, words)]),
      h("dt", { key: "created" }, "Created"),
      h("dd", { key: "created?" }, `${momentWords(one.created)} by ${user(one.creator)?.real_name ?? "somebody"}`)));
}

function Members(one) {
  const members = one.members.map(user).filter(Boolean).sort((a, b) => a.real_name.localeCompare(b.real_name));
  const canChange = one.kind !== "mpim" && one.is_member && !one.is_archived && !me().is_guest;
  return h("section", { key: "members" },
    h("h4", {}, `Members (${members.length})`),
    canChange ? h("button", { type: "button", class: "button", on: { click: () => addPeople(one) } }, icon("plus"), "Add people") : null,
    h("ul", { class: "members-list", "aria-label": "Members" }, members.map((member) => h("li", { key: member.id },
      h("button", { type: "button", class: "member", title: `Message ${member.real_name}`, on: { click: () => openWith(member.id) } },
        h("img", { class: "picture", src: member.picture, alt: "" }),
        h("span", { class: "name" }, member.real_name, member.id === state.me ? " (you)" : ""), Tag(member)),
      canChange && !one.is_general && member.id !== state.me ? RemoveButton(one, member) : null))));
}

function RemoveButton(one, member) {
  const remove = async () => {
    const isSure = await confirmed({
      title: `Remove ${member.real_name}?`, text: `They will no longer be in ${one.name}.`, confirm: "Remove", style: "danger",
    });
    if (isSure) attempt("removes", { channel: one.id, name: member.name });
  };
  return h("button", { type: "button", class: "quiet", "aria-label": `Remove ${member.real_name}`, on: { click: remove } }, "Remove");
}

function Deeds(one) {
  const can = me().is_guest || !one.is_member ? [] : [["Rename this channel", () => renameChannel(one)], ["Archive this channel", () => archive(one)]];
  const leave = one.is_member && !one.is_general ? [["Leave this channel", () => leaveIt(one)]] : [];
  const unarchive = me().is_guest ? [] : [["Unarchive this channel", () => attempt("unarchives", { channel: one.id })]];
  const deeds = one.is_archived ? unarchive : one.is_general ? [] : [...can, ...leave];
  return h("section", { class: "deeds", key: "deeds", "aria-label": "What can be done" }, deeds.map(([label, act]) =>
    h("button", { key: label, type: "button", class: "button", on: { click: act } }, label)));
}

async function archive(one) {
  const text = "Nobody can write in it any more; it can still be read, and it can be brought back.";
  if (await confirmed({ title: `Archive ${one.name}?`, text, confirm: "Archive", style: "danger" })) attempt("archives", { channel: one.id });
}

async function leaveIt(one) {
  const text = "It is private: to come back you will have to be brought in again.";
  const isSure = one.kind === "public" || await confirmed({ title: `Leave ${one.name}?`, text, confirm: "Leave", style: "danger" });
  if (isSure) attempt("leaves", { channel: one.id });
}
