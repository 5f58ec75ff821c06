/** The app's About tab: what it is, and what it can be asked. */

import { h } from "./dom.js";
import { state, user } from "./state.js";

const WHERE = { message: "on a message", global: "" };

export function About() {
  const bot = user(state.app.bot);
  const lists = [
    ["Commands", state.app.commands.map((one) => [one.name, one.description, one.usage_hint])],
    ["Shortcuts", state.app.shortcuts.map((one) => [one.name, one.description, WHERE[one.kind]])],
  ];
  return h("section", { class: "about-app scroll", key: "about", "aria-label": "About" },
    h("div", { class: "profile" }, h("img", { class: "picture", src: bot.picture, alt: "" }),
      h("div", {}, h("h3", {}, bot.real_name, h("span", { class: "tag" }, "app")), h("p", {}, state.app.description))),
    lists.filter(([, all]) => all.length).map(([title, all]) => h("section", { key: title }, h("h4", {}, title),
      h("dl", {}, all.map(Term)))));
}

const Term = ([name, words, hint]) => [
  h("dt", { key: name }, h("strong", {}, name), hint ? h("code", {}, hint) : null),
  h("dd", { key: `${name}?` }, words),
];
