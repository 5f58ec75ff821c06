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
  return h("div", { class: "particulars", key: one.id },
    one.kind === "im" ? Profile(user(one.with)) : [one.kind === "mpim" ? null : About(one), Members(one)],
    Pins(one),
    ["public", "private"].includes(one.kind) ? Deeds(one) : null);
}

function About(one) {
  const facts = [["Topic", one.topic], ["Description", one.purpose]].filter(([, words]) => words);
  return h("section", { key: "about" },
    h("h3", {}, icon(one.kind === "private" ? "lock" : "hash"), one.name),
    h("dl", {},
      facts.map(([title, words]) => [h("dt", { key: title }, title), h("dd", { key: `${title}?` }, mrkdwn(words))]),
      h("dt", { key: "created" }, "Created"),
      h("dd", { key: "created?" }, `${momentWords(one.created)} by ${user(one.creator)?.real_name ?? "somebody"}`)));
}

function Members(one) {
  const members = one.members.map(user).filter(Boolean).sort((a, b) => a.real_name.localeCompare(b.real_name));
  const canChange = one.kind !== "mpim" && one.is_member && !one.is_archived && !me().is_guest;
  const add = () => addPeople(one);
  return h("section", { key: "members" },
    h("h4", {}, `Members (${members.length})`),
    canChange ? h("button", { type: "button", class: "button", on: { click: add } }, icon("plus"), "Add people") : null,
    h("ul", { class: "members-list", "aria-label": "Members" }, members.map((member) => h("li", { key: member.id },
      Member(member), canChange && !one.is_general && member.id !== state.me ? RemoveButton(one, member) : null))));
}

function Member(member) {
  const write = () => openWith(member.id);
  return h("button", { type: "button", class: "member", title: `Message ${member.real_name}`, on: { click: write } },
    h("img", { class: "picture", src: member.picture, alt: "" }),
    h("span", { class: "name" }, member.real_name, member.id === state.me ? " (you)" : "", Tag(member)));
}

function RemoveButton(one, member) {
  const remove = async () => {
    const text = `They will no longer be in ${one.name}.`;
    const isSure = await confirmed({ title: `Remove ${member.real_name}?`, text, confirm: "Remove", style: "danger" });
    if (isSure) attempt("removes", { channel: one.id, name: member.name });
  };
  const label = `Remove ${member.real_name}`;
  return h("button", { type: "button", class: "quiet", "aria-label": label, on: { click: remove } }, "Remove");
}

function Deeds(one) {
  const deeds = deedsOf(one);
  if (!deeds.length) return null;
  return h("section", { class: "deeds", key: "deeds", "aria-label": "What can be done" }, deeds.map(([label, click]) =>
    h("button", { key: label, type: "button", class: "button", on: { click } }, label)));
}

function deedsOf(one) {
  const mayManage = !me().is_guest;
  const unarchive = () => attempt("unarchives", { channel: one.id });
  if (one.is_archived) return mayManage ? [["Unarchive this channel", unarchive]] : [];
  if (!one.is_member || one.is_general) return [];
  const managing = [["Rename this channel", () => renameChannel(one)], ["Archive this channel", () => archive(one)]];
  return [...(mayManage ? managing : []), ["Leave this channel", () => leave(one)]];
}

async function archive(one) {
  const text = "Nobody can write in it any more; it can still be read, and it can be brought back.";
  const isSure = await confirmed({ title: `Archive ${one.name}?`, text, confirm: "Archive", style: "danger" });
  if (isSure) attempt("archives", { channel: one.id });
}

async function leave(one) {
  const text = "It is private: to come back you will have to be brought in again.";
  const question = { title: `Leave ${one.name}?`, text, confirm: "Leave", style: "danger" };
  const isSure = one.kind === "public" || await confirmed(question);
  if (isSure) attempt("leaves", { channel: one.id });
}
