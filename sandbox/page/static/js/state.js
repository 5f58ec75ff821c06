/** What the page knows, and drawing it again when that changes. */

export const state = {
  as: "", // the name of who looks
  me: "", // their id
  team: {},
  app: { commands: [], shortcuts: [] },
  names: [], // of everybody one can be
  people: { users: {}, usergroups: {} },
  conversations: {}, // by id, oldest first
  modals: [], // the one in front last
  home: null,
  clock: { ahead: 0 }, // and until when it is being moved: heading, in seconds
  trouble: null, // what goes wrong on demand; see trouble.py
  guide: null, // through the workspace, where there is one
  isConnected: false,

  at: null, // the conversation that is open: its id
  tab: "messages", // of the app's: "home" or "messages"
  thread: null, // ts of the message whose thread is open
  panel: null, // what stands at the right instead of a thread: "wire", "details", …
  stretches: {}, // by conversation: {messages: [oldest first], more, token: while something is being loaded}
  replies: null, // of the thread that is open: {channel, ts, messages: [the message, replies…], isLoading}
  newSince: null, // ts of the message after which all are new in the conversation that is open
  isAway: false, // whether the reader has scrolled away from its newest messages
  notice: null, // a sentence that is shown for a while
};

let draw = () => {};
let isDue = false;

/** Have this called whenever something has changed, once for all changes that come together. */
export function onChange(callback) {
  draw = callback;
}

/** Take over these, and draw. */
export function change(values = {}) {
  Object.assign(state, values);
  if (isDue) return;
  isDue = true;
  // An animation frame never comes while the window is hidden.
  const soon = document.hidden ? (run) => setTimeout(run, 50) : requestAnimationFrame;
  soon(() => {
    isDue = false;
    draw();
  });
}

/** Now, in milliseconds, by the workspace's clock. */
export function now() {
  return Date.now() + state.clock.ahead * 1000;
}

export const user = (id) => state.people.users[id];
export const me = () => user(state.me);
export const conversation = (id = state.at) => state.conversations[id];

/** The conversation with the app, if there is one yet. */
export function appConversation() {
  return Object.values(state.conversations).find((one) => one.kind === "im" && one.with === state.app.bot);
}

/** A conversation's name as this person calls it. */
export function nameOf(one) {
  if (one.kind === "im") return user(one.with)?.real_name ?? "somebody";
  if (one.kind === "mpim") return one.members.filter((id) => id !== state.me).map((id) => user(id)?.real_name).join(", ");
  return one.name;
}
