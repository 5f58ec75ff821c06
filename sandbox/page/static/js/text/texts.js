/** Text objects: {type: "mrkdwn" | "plain_text", text}. */

import { mrkdwn, unescape } from "./mrkdwn.js";

/** A text object's elements. */
export function textOf(object) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text) : unescape(object.text);
}

/** A text object's plain words. */
export const plain = (object) => unescape(object?.text ?? "");
