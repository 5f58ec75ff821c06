/** Begins: who looks, at what; then listens and draws. */

import { App } from "./app.js";
import { render } from "./dom.js";
import { hearMessages } from "./messages.js";
import { follow, open } from "./places.js";
import { connect, hear } from "./server.js";
import { change, conversation, onChange, state } from "./state.js";

const query = new URLSearchParams(location.search);
state.as = query.get("as") ?? "";

onChange(() => render(document.getElementById("page"), App()));

hear("hello", ({ me, team, app, names }) => {
  state.as ||= names[0];
  document.title = `${team.name} · ${state.as}`;
  change({ me, team, app, names });
});
hear("people", ({ people }) => change({ people }));
hear("conversations", ({ conversations, whole }) => {
  const all = whole ? conversations : { ...state.conversations, ...conversations };
  change({ conversations: Object.fromEntries(Object.entries(all).filter(([, one]) => one)) });
  if (!state.at) follow(location.search);
  else if (!conversation()) open(Object.values(state.conversations).find((one) => one.is_general || one.is_member)?.id ?? null);
});
hear("modals", ({ modals }) => change({ modals }));
hear("home", ({ home }) => change({ home }));
hear("clock", ({ clock }) => change({ clock }));
hearMessages();
addEventListener("popstate", () => follow(location.search));
setInterval(() => change(), 30_000); // the times that are shown go on
connect();
