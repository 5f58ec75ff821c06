/** The tour: a card that says what to do next and points at it, or does it all while one watches. */

import { h, render } from "./dom.js";
import { bringIntoSight, entryOf, found, ringAround } from "./guide/pointing.js";
import { icon } from "./icons.js";
import { open } from "./places.js";
import { hear, notify, send } from "./server.js";
import { change, conversation, nameOf, state } from "./state.js";
import { mrkdwn } from "./text/mrkdwn.js";

/** Drawn by itself, so that it can stand in whatever is in front: what is behind an open form cannot be used. */
const layer = document.createElement("div");
layer.className = "guide-layer";

let holder = null;
let target = null; // the element that is pointed at
let pointedAt = ""; // the step whose target was brought into sight

/** The tour's place on the page, if there is a tour. */
export function Guide() {
  if (!state.guide) return null;
  const shown = (dom) => {
    holder = dom;
    queueMicrotask(show); // after all else is drawn, and a form that is new has come to the front
  };
  return h("div", { key: "guide", class: "guide-holder", mounted: shown, updated: shown });
}

hear("guide", ({ guide }) => {
  change({ guide });
  goAlong(guide);
});
addEventListener("resize", show);
document.addEventListener("scroll", draw, { capture: true, passive: true });

function show() {
  if (!holder?.isConnected) return;
  const front = [...document.querySelectorAll("dialog:modal")].at(-1);
  const parent = front ?? holder;
  const focused = layer.contains(document.activeElement) ? document.activeElement : null;
  if (layer.parentNode !== parent) {
    parent.append(layer);
    focused?.focus();
  }
  target = isHidden() ? null : aim(front);
  draw();
  makeRoom();
}

function draw() {
  if (!layer.isConnected || !state.guide) return;
  const ring = ringAround(target);
  const Ring = ring ? h("div", { class: "guide-ring", key: "ring", "aria-hidden": "true", style: ring }) : null;
  render(layer, ...(isHidden() ? [Opener()] : [Ring, Card()]));
}

/** Leave as much free at the foot of the list as stands there. */
function makeRoom() {
  const height = layer.querySelector(".guide, .guide-opener")?.offsetHeight ?? 0;
  document.querySelector(".sidebar")?.style.setProperty("--guide-height", `${height}px`);
}

function Card() {
  const { title, steps, at, ending, is_playing: isPlaying, fault } = state.guide;
  const step = steps[at];
  const count = step ? `Step ${at + 1} of ${steps.length}` : "Done";
  return h("section", { class: "guide", key: "guide", "aria-label": title },
    h("header", {}, h("p", {}, h("b", {}, title), ` · ${count}`), Hide()),
    h("div", { class: "steps", "aria-hidden": "true" },
      steps.map((one) => h("i", { class: one.is_done ? "done" : "" }))),
    h("div", { class: "said", role: "status" },
      step ? h("h2", {}, step.title) : null,
      h("p", {}, mrkdwn(step ? step.words : ending))),
    isPlaying && state.guide.doing ? h("p", { class: "doing", role: "status" }, mrkdwn(state.guide.doing)) : null,
    fault ? Fault(fault) : null,
    step && !isPlaying ? Way(step) : null,
    h("footer", {}, step ? Deeds(isPlaying, at) : Deed("Start over", "restart", "button")));
}

function Hide() {
  const on = { click: () => hide(true) };
  return h("button", { class: "quiet", type: "button", "aria-label": "Hide the tour", on }, icon("close"));
}

function Fault(words) {
  const next = "Try it again, do it by hand, or skip it.";
  return h("p", { class: "fault", role: "alert" }, mrkdwn(`This got stuck: ${words}. ${next}`));
}

function Deeds(isPlaying, at) {
  if (isPlaying) return Deed("Pause", "pause", "button");
  return [
    Deed("Show me", "step", "button primary"),
    Deed("Play all", "play", "button"),
    Deed("Skip", "skip", "link"),
    at ? Deed("Start over", "restart", "link") : null,
  ];
}

function Deed(label, what, style) {
  return h("button", { key: label, type: "button", class: style, on: { click: () => ask(what) } }, label);
}

/** To where the step is done: as somebody else, or in another conversation. */
function Way(step) {
  const where = state.guide.where;
  if (step.who !== state.as) {
    const name = firstName(step.who);
    return h("p", { class: "way" },
      h("button", { type: "button", class: "button", on: { click: () => become(step.who) } }, `Become ${name}`),
      h("a", { class: "link", href: placeOf(step.who), target: "_blank", rel: "noopener" }, `Open ${name}’s window`));
  }
  const one = conversation(where);
  if (!one || where === state.at) return null;
  const name = ["public", "private"].includes(one.kind) ? `#${one.name}` : nameOf(one);
  const on = { click: () => open(where) };
  return h("p", { class: "way" }, h("button", { type: "button", class: "button", on }, `Go to ${name}`));
}

function Opener() {
  const on = { click: () => hide(false) };
  return h("button", { class: "guide-opener button", key: "opener", type: "button", on }, "Tour");
}

/** What the step is about, or the way to where it is done. */
function aim(front) {
  const { steps, at, where, is_playing: isPlaying } = state.guide;
  const step = steps[at];
  if (!step || isPlaying || step.who !== state.as) return null;
  const isThere = !where || where === state.at;
  const dom = front ? found(step.target, front) : isThere ? found(step.target) : entryOf(where);
  if (dom && pointedAt !== `${at} ${isThere}`) {
    pointedAt = `${at} ${isThere}`;
    bringIntoSight(dom);
  }
  return dom;
}

// What is remembered for as long as this window is open, also while it becomes somebody else.

const isHidden = () => sessionStorage.getItem("guide") === "hidden";

function hide(isWanted) {
  sessionStorage.setItem("guide", isWanted ? "hidden" : "shown");
  if (isWanted && state.guide.is_playing) ask("pause");
  show();
  layer.querySelector(isWanted ? ".guide-opener" : ".guide .button")?.focus();
}

async function ask(what) {
  // Where it was asked for, the window goes along with what is played.
  if (what === "play" || what === "step") sessionStorage.setItem("guideFollows", "yes");
  sessionStorage.removeItem("guideAt");
  await send("guide", { do: what }).catch((fault) => notify(fault.message));
}

function goAlong({ steps, at, where, is_playing: isPlaying }) {
  if (!isPlaying || !steps[at] || sessionStorage.getItem("guideFollows") !== "yes") return;
  // Once to each step and place: whoever goes on elsewhere from there, or as somebody else, stays there.
  if (sessionStorage.getItem("guideAt") === `${at} ${where}`) return;
  sessionStorage.setItem("guideAt", `${at} ${where}`);
  if (steps[at].who !== state.as) become(steps[at].who);
  else if (where && where !== state.at) open(where);
}

const placeOf = (who) => `/?${new URLSearchParams({ as: who, ...(state.guide.where && { in: state.guide.where }) })}`;
const become = (who) => location.assign(placeOf(who));

function firstName(name) {
  return Object.values(state.people.users).find((one) => one.name === name).real_name.split(" ")[0];
}
