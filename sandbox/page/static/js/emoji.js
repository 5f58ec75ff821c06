/** Emoji by their names: `:tada:` as a character, and finding one by what is typed. */

import { h } from "./dom.js";

const SELDOM = "Component"; // the bare skin tones, which nobody picks

/** By category, each emoji as [character, name, further names…]; none where they cannot be had. */
const table = await fetch("/page/emoji.json").then((answer) => answer.json(), () => ({}));
const categories = table.categories ?? {};
const rows = Object.values(categories).flat();
const characters = new Map(rows.flatMap(([char, ...names]) => names.map((name) => [name, char])));

/** The element for `:name:`; a name that stands for none stays as it was written. */
export function emoji(name) {
  const char = characterOf(name);
  if (!char) return `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": wordsOf(name), title: `:${name}:` }, char);
}

/** The character of a name, or undefined; one in another skin tone is shown in the common one. */
export function characterOf(name) {
  return characters.get(name.replace(/::skin-tone-[2-6]$/, ""));
}

/** A name as one says it. */
export function wordsOf(name) {
  return name.replaceAll(/[_-]+/g, " ").trim() || name;
}

/** What Slack offers, by category: [[category, [{name, char}]]]. */
export function emojiByCategory() {
  return Object.entries(categories).filter(([category]) => category !== SELDOM)
    .map(([category, all]) => [category, all.map(([char, name]) => ({ name, char }))]);
}

/** The emoji whose name has what was typed in it, best first: {name, char} each. */
export function findEmoji(typed) {
  const wanted = typed.toLowerCase().replaceAll(/[: ]+/g, "_").replace(/^_|_$/g, "");
  if (!wanted) return [];
  const found = rows.flatMap(([char, ...names]) => {
    const best = names.map((name) => ({ name, char, rank: rank(name, wanted) })).sort((a, b) => a.rank - b.rank)[0];
    return best.rank < 3 ? [best] : [];
  });
  found.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length);
  return found.map(({ name, char }) => ({ name, char }));
}

/** 0 for the name itself, 1 where it begins so, 2 where a part of it does. */
function rank(name, wanted) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(`_${wanted}`) || name.includes(`-${wanted}`) ? 2 : 3;
}
