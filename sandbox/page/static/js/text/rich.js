/** rich_text blocks. */

import { h } from "../dom.js";
import { link } from "./mrkdwn.js";
import { broadcastMention, channelMention, groupMention, userMention } from "./names.js";

export function RichText(block) {
  return h("div", { class: "rich" }, block.elements.map((section) => h("p", {}, (section.elements ?? []).map(leaf))));
}

function leaf(one) {
  if (one.type === "user") return userMention(one.user_id);
  if (one.type === "channel") return channelMention(one.channel_id);
  if (one.type === "usergroup") return groupMention(one.usergroup_id);
  if (one.type === "broadcast") return broadcastMention(one.range);
  if (one.type === "emoji") return `:${one.name}:`;
  if (one.type === "link") return link(one.url, one.text);
  return one.text ?? "";
}
