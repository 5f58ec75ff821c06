/** Legacy attachments: boxes with a bar of colour below a message. */

import { h } from "../dom.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { Blocks } from "./blocks.js";

/** The attachments of a message; `place` is where their blocks stand. */
export function Attachments({ attachments, place }) {
  return h("div", { class: "attachments" }, attachments.map((one) => h("div", { class: "attachment" },
    one.blocks ? Blocks({ blocks: one.blocks, place }) : h("p", {}, mrkdwn(one.text)))));
}
