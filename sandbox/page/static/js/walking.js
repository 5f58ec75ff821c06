/** Going through a list of messages by keyboard: arrows lead from one to the next, Tab through what is in one. */

import { shortcutOf } from "./tools.js";

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

/** The message that something is part of. */
export const articleOf = (target) => target.closest?.("article.message") ?? null;

/** Answer a key that was pressed in a list of messages. */
export function walk(event) {
  const article = articleOf(event.target);
  if (event.key === "Tab") return tab(event, article);
  if (event.target !== (article ?? event.currentTarget) || event.altKey || event.ctrlKey || event.metaKey) return;
  const act = article && shortcutOf(event.key, article);
  const next = nextOf(event.key, article, event.currentTarget);
  if (!act && !next) return;
  event.preventDefault();
  if (act) act();
  else goTo(next);
}

/** Give a message the focus, and show it. */
function goTo(article) {
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
}

function nextOf(key, article, log) {
  const all = articlesOf(log);
  const at = all.indexOf(article);
  if (key === "ArrowUp") return article ? all[at - 1] : all.at(-1);
  if (key === "ArrowDown") return article ? all[at + 1] : all.at(-1);
  return { Home: all[0], End: all.at(-1) }[key];
}

/** From the list to its newest message, through what is in it, and then on: nobody wants to pass all the others. */
function tab(event, article) {
  const log = event.currentTarget;
  if (event.shiftKey) {
    if (event.target === article) log.focus({ preventScroll: true }); // the browser goes on from there
    return;
  }
  const newest = articlesOf(log).at(-1);
  if (!article && newest) {
    event.preventDefault();
    goTo(newest);
  } else if (!article || event.target === lastIn(article)) {
    log.lastChild.focus({ preventScroll: true });
  }
}

const articlesOf = (log) => [...log.querySelectorAll("article.message")];

function lastIn(article) {
  const inside = [...article.querySelectorAll(FOCUSABLE)];
  return inside.findLast((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility()) ?? article;
}
