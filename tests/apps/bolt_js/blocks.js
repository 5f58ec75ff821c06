/** What Lunch shows: a proposal as a message, the order form, the Home tab. */

const plain = (text) => ({ type: "plain_text", text });

/** A message that proposes a dish, with everybody who joined so far. */
export function proposal(dish, eaters) {
  const words = `*${dish}* for ${eaters.map((id) => `<@${id}>`).join(", ")}`;
  const join = { type: "button", action_id: "join", text: plain("I’m in"), value: JSON.stringify({ dish, eaters }) };
  const options = ["Later", "Never"].map((text) => ({ text: plain(text), value: text.toLowerCase() }));
  const more = { type: "overflow", action_id: "more", options };
  return {
    text: words,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: words } },
      { type: "actions", block_id: "proposal", elements: [join, more] },
    ],
  };
}

/** The form that asks what to eat, and from where; its order goes to that channel or person. */
export function orderForm(place) {
  const kitchen = { type: "external_select", action_id: "kitchen", min_query_length: 0, placeholder: plain("Search") };
  return {
    type: "modal",
    callback_id: "order",
    private_metadata: place,
    title: plain("Order lunch"),
    submit: plain("Order"),
    blocks: [
      { type: "input", block_id: "dish", label: plain("Dish"), element: { type: "plain_text_input", action_id: "dish" } },
      { type: "input", block_id: "kitchen", label: plain("Kitchen"), element: kitchen },
    ],
  };
}

/** Somebody's Home tab. */
export function home(user) {
  return { type: "home", blocks: [{ type: "section", text: { type: "mrkdwn", text: `Bon appétit, <@${user}>` } }] };
}
