/** Text objects: {type: "mrkdwn" | "plain_text", text}. */

import { mrkdwn, unescape, words } from "./mrkdwn.js";

/** A text object's elements. */
export function textOf(object) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  return object.emoji === false ? unescape(object.text) : words(object.text);
}

/** A text object's plain words. */
export const plain = (object) => unescape(object?.text ?? "");
