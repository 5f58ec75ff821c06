/** Picking an emoji. */

import { findEmoji } from "./emoji.js";
import { openMenu } from "./menu.js";

/** Have somebody pick an emoji beside what they pressed; `onPick` gets its name. */
export function openEmojiPicker(anchor, onPick) {
  openMenu(anchor, findEmoji("smile").map(({ name, char }) => ({ label: `${char} ${name}`, act: () => onPick(name) })));
}
