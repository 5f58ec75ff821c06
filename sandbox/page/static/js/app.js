/** The whole page: list at the left, conversation in the middle, thread or panel at the right. */

import { Conversation } from "./conversation.js";
import { Modals } from "./modal.js";
import { Dialogs } from "./dialogs.js";
import { h } from "./dom.js";
import { Guide } from "./guide.js";
import { Header } from "./header.js";
import { Panel } from "./panels/panel.js";
import { TroubleBar } from "./panels/trouble.js";
import { Sidebar } from "./sidebar.js";
import { me, state } from "./state.js";
import { Thread } from "./thread.js";

export function App() {
  // Who looks is known once the workspace has said hello; until then there is nobody to draw it for.
  if (!me()) return h("p", { class: "empty", key: "opening" }, "Opening the workspace …");
  const right = state.thread ? Thread() : state.panel ? Panel() : null;
  return h("div", { class: `app${right ? " with-right" : ""}` },
    Sidebar(),
    h("main", { class: "middle", key: "middle" }, TroubleBar(), Header(), Conversation()),
    right,
    Guide(),
    Modals(),
    Dialogs(),
    h("div", { class: "notice", role: "status", "aria-live": "polite", key: "notice" },
      !state.isConnected ? h("p", { key: "lost" }, "The sandbox does not answer. Trying again …") : null,
      state.notice ? h("p", { key: "said" }, state.notice.words) : null),
  );
}
