/**
 * A list of messages that scrolls. Who reads at its end stays there when something comes; who reads further up is not
 * moved, whatever comes, loads or grows above and below. With the keyboard one goes from message to message.
 */

import { h } from "./dom.js";
import { hideTools, moveTools } from "./toolbar.js";
import { articleOf, walk } from "./walking.js";

const NEAR_END = 40;
const NEAR_START = 1200; // pixels above which the stretch before is wanted already

/** How each list stands: {isAtEnd, top: its scrollTop, anchor: {dom, top}, …what it was drawn with}. */
const readings = new WeakMap();

/** `newest` is the newest message; who cannot see is told of it, unless `isQuiet`; `onEarlier` is to load more, `onAway`
 *  hears whether one has left the end. */
export function Log({ label, rows, find, isInThread = false, isQuiet = false, ...told }) {
  const given = { onEarlier: () => {}, onAway: () => {}, ...told };
  return h("div", {
    class: "scroll log", key: "log", role: "log", tabindex: "0", "aria-label": label,
    "aria-live": isQuiet ? "off" : "polite",
    mounted: (dom) => begin(dom, given),
    updated: (dom) => takeOver(dom, given),
    on: {
      scroll: (event) => scrolled(event.currentTarget),
      keydown: walk,
      mouseover: (event) => moveTools(articleOf(event.target), { find, isInThread }),
      mouseleave: (event) => hideTools(event.currentTarget, { find, isInThread }),
      focusin: (event) => moveTools(articleOf(event.target), { find, isInThread }),
    },
  }, h("div", { class: "rows" }, rows), h("span", { class: "after", tabindex: "-1" }));
}

/** Show the newest message. */
export function toEnd(dom) {
  readings.get(dom).isAtEnd = true;
  settle(dom);
}

function begin(dom, given) {
  readings.set(dom, { ...given, isAtEnd: true, top: 0, anchor: null });
  const observer = new ResizeObserver(() => dom.isConnected && settle(dom));
  observer.observe(dom);
  observer.observe(dom.firstChild);
  settle(dom);
}

function takeOver(dom, given) {
  const reading = readings.get(dom);
  const isNews = given.newest && given.newest.ts > (reading.newest?.ts ?? "");
  Object.assign(reading, given);
  if (isNews && given.newest.isMine) reading.isAtEnd = true;
  settle(dom);
}

/** Stay with what is being read. */
function settle(dom) {
  const reading = readings.get(dom);
  if (reading.isAtEnd && isMovedUp(dom, reading)) note(dom, reading); // the event that tells so is yet to come
  const { anchor } = reading;
  if (reading.isAtEnd) dom.scrollTop = dom.scrollHeight;
  else if (anchor?.dom.isConnected) {
    const top = topIn(dom, anchor.dom);
    // Where the list has become shorter than it was scrolled down, the browser has already moved it.
    const from = toGo(dom) < 1 ? Math.max(reading.top, dom.scrollTop) : dom.scrollTop;
    if (top !== anchor.top) dom.scrollTop = from + top - anchor.top;
    anchor.top = top;
  }
  reading.top = dom.scrollTop;
  if (dom.scrollTop < NEAR_START) reading.onEarlier();
}

function scrolled(dom) {
  const reading = readings.get(dom);
  // What has grown under somebody at the end, such as an image, has not been scrolled away from.
  if (reading.isAtEnd && toGo(dom) >= NEAR_END && !isMovedUp(dom, reading)) return settle(dom);
  note(dom, reading);
  reading.onAway(!reading.isAtEnd);
  if (dom.scrollTop < NEAR_START) reading.onEarlier();
}

/** Remember where one reads. */
function note(dom, reading) {
  reading.isAtEnd = toGo(dom) < NEAR_END;
  reading.anchor = anchorIn(dom);
  reading.top = dom.scrollTop;
}

const toGo = (dom) => dom.scrollHeight - dom.scrollTop - dom.clientHeight;
const isMovedUp = (dom, reading) => dom.scrollTop < reading.top && toGo(dom) >= NEAR_END;

/** The first message that can be seen, and where it is. */
function anchorIn(dom) {
  const all = dom.firstChild.querySelectorAll(".message");
  const { top } = dom.getBoundingClientRect();
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  return all[low] ? { dom: all[low], top: topIn(dom, all[low]) } : null;
}

/** How far below the list's beginning a message stands; its offsetTop counts from its piece only. */
function topIn(dom, message) {
  return Math.round(message.getBoundingClientRect().top - dom.getBoundingClientRect().top + dom.scrollTop);
}
