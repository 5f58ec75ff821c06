/** Lunch: a small app made with Bolt for JavaScript. With an app-level token it uses Socket Mode, without one HTTP. */

import bolt from "@slack/bolt";
import { home, orderForm, proposal } from "./blocks.js";

const { App, ExpressReceiver, LogLevel } = bolt;
const KITCHENS = ["Bakery", "Canteen", "Noodle bar"];
const { SLACK_API_URL, SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = process.env;

const overSocket = { socketMode: true, appToken: SLACK_APP_TOKEN };
const overHttp = () => ({ receiver: new ExpressReceiver({ signingSecret: SLACK_SIGNING_SECRET }) });

const app = new App({
  token: SLACK_BOT_TOKEN,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logLevel: LogLevel.WARN,
  ...(SLACK_APP_TOKEN ? overSocket : overHttp()),
});

app.command("/lunch", async ({ ack, client, command, respond, say }) => {
  await ack();
  if (command.text === "help") {
    await respond("Name a dish, or just type `/lunch`.");
  } else if (command.text) {
    await say(proposal(command.text, [command.user_id]));
  } else {
    await client.views.open({ trigger_id: command.trigger_id, view: orderForm(command.channel_id) });
  }
});

app.shortcut("order_lunch", async ({ ack, client, shortcut }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: orderForm(shortcut.user.id) });
});

app.shortcut({ type: "message_action", callback_id: "propose_this" }, async ({ ack, respond, shortcut }) => {
  await ack();
  const proposed = proposal(shortcut.message.text, [shortcut.user.id]);
  await respond({ ...proposed, response_type: "in_channel", replace_original: false });
});

app.options("kitchen", async ({ ack, options }) => {
  const typed = options.value.toLowerCase();
  const found = KITCHENS.filter((name) => name.toLowerCase().includes(typed));
  await ack({ options: found.map((name) => ({ text: { type: "plain_text", text: name }, value: name })) });
});

app.view("order", async ({ ack, body, client, view }) => {
  const dish = view.state.values.dish.dish.value;
  const kitchen = view.state.values.kitchen.kitchen.selected_option.value;
  if (dish.length < 3) {
    await ack({ response_action: "errors", errors: { dish: "That is no dish" } });
    return;
  }
  await ack();
  await client.chat.postMessage({
    channel: view.private_metadata,
    ...proposal(`${dish} from the ${kitchen}`, [body.user.id]),
  });
});

app.action("join", async ({ ack, action, body, client }) => {
  await ack();
  const { dish, eaters } = JSON.parse(action.value);
  const all = [...new Set([...eaters, body.user.id])];
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, ...proposal(dish, all) });
});

app.action({ block_id: "proposal", action_id: "more" }, async ({ ack, action, respond }) => {
  await ack();
  const words = `You chose ${action.selected_option.text.text}`;
  await respond({ text: words, response_type: "ephemeral", replace_original: false });
});

app.message(/hungry/, async ({ client, message }) => {
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "hamburger" });
});

app.event("app_mention", async ({ event, say }) => {
  await say({ text: `<@${event.user}>, try \`/lunch\``, thread_ts: event.ts });
});

app.event("app_home_opened", async ({ client, event }) => {
  await client.views.publish({ user_id: event.user, view: home(event.user) });
});

const server = await app.start(Number(process.env.PORT ?? 3000));
console.log(`listening ${SLACK_APP_TOKEN ? "over Socket Mode" : server.address().port}`);
