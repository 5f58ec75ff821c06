"""Messages, buttons, menus, and who sees what."""

import asyncio
from typing import Any

import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from sandbox.people.changes import NeverCame
from sandbox.people.seen import NotVisible
from sandbox.state.errors import SlackError
from tests.sandbox.apps import MANIFEST

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


async def posted(slack: Sandbox, app: AsyncApp, *blocks: Json, channel: str = "general") -> None:
    place = slack.workspace.channel_named(channel)
    assert place is not None
    slack.workspace.conversations.admit_quietly(place, slack.workspace.bot.id)
    await app.client.chat_postMessage(channel=place.id, text="The card", blocks=list(blocks))


def button(label: str, action_id: str = "go") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": label.lower()}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


async def test_pressing_a_button_tells_the_app_which_and_on_what(slack: Sandbox, app: AsyncApp) -> None:
    bodies: list[Json] = []

    @app.action("go")
    async def on_go(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await posted(slack, app, actions(button("Stop", "stop"), button("Go")))
    ann = slack.person("ann")
    message = await ann.wait_for("general", containing="[Go]")

    reply = await ann.press("Go", message)

    assert reply.failed is None
    assert message.buttons == ["Stop", "Go"]
    container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel_id, "is_ephemeral": False}
    assert bodies[0]["container"] == container
    assert bodies[0]["channel"] == {"id": message.channel_id, "name": "general"}
    assert bodies[0]["message"]["ts"] == message.ts
    assert bodies[0]["actions"][0]["value"] == "go"
    assert bodies[0]["response_url"].startswith(slack.url)


async def test_what_the_app_whispers_before_it_acknowledges_is_part_of_the_reply(slack: Sandbox, app: AsyncApp) -> None:
    @app.action("go")
    async def on_go(ack: Any, body: Json, client: Any) -> None:
        await client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text="Only you")
        await ack()

    await posted(slack, app, actions(button("Go")))
    bo = slack.person("bo")

    reply = await bo.press("Go", bo.sees("general")[-1])

    assert reply.text == "Only you"
    assert "Only you" not in [message.text for message in slack.person("ann").sees("general")]


async def test_a_button_on_an_ephemeral_message_can_replace_it(slack: Sandbox, app: AsyncApp) -> None:
    @app.command("/parrot")
    async def ask(ack: Any) -> None:
        await ack(text="Sure?", blocks=[actions(button("Yes"))])

    @app.action("go")
    async def on_yes(ack: Any, respond: Any, body: Json) -> None:
        assert "message" not in body
        await respond(text="Done", replace_original=True)
        await ack()

    ann = slack.person("ann")
    question = (await ann.command("/parrot", channel="general")).messages[0]
    await ann.press("Yes", question)

    assert [message.text for message in ann.sees("general")] == ["Done"]
    with pytest.raises(SlackError, match="message_not_found"):
        await slack.person("bo").press("Yes", question)


async def test_menus_on_a_message_are_chosen_from_by_their_words(slack: Sandbox, app: AsyncApp) -> None:
    chosen: list[Json] = []
    for action_id in ("menu", "pick", "who"):

        @app.action(action_id)
        async def on_choice(ack: Any, body: Json) -> None:
            chosen.append(body["actions"][0])
            await ack()

    overflow = {"type": "overflow", "action_id": "menu", "options": [option("Rename"), option("Close")]}
    select = {"type": "static_select", "action_id": "pick", "options": [option("Lead"), option("Scribe")]}
    person = {"type": "users_select", "action_id": "who", "placeholder": plain("Someone")}
    await posted(slack, app, actions(overflow, select, person))
    ann = slack.person("ann")
    message = ann.sees("general")[-1]

    await ann.choose("Close", message)
    await ann.choose("Scribe", message)
    await ann.choose("bo", message, menu="Someone")

    assert chosen[0]["selected_option"] == option("Close")
    assert chosen[1]["selected_option"] == option("Scribe")
    assert chosen[2]["selected_user"] == slack.person("bo").id
    with pytest.raises(NotVisible):
        await ann.choose("Nothing", message)


async def test_a_channel_shows_threads_under_their_message_only(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    first = await ann.types("first", channel="general")
    await bo.types("a reply", channel="general", thread=first)
    await bo.types("second", channel="general")

    seen = ann.sees("general")

    assert [(message.author, message.text) for message in seen] == [("ann", "first"), ("bo", "second")]
    assert [reply.text for reply in seen[0].replies()] == ["a reply"]
    assert seen[0].reply_count == 1


async def test_names_typed_become_mentions_and_are_read_as_names(slack: Sandbox) -> None:
    await slack.person("ann").types("@bo: look at #random <now> & then", channel="general")

    (message,) = slack.person("dee").sees("general")
    stored = slack.workspace.general.messages[message.ts].text
    assert message.text == "@bo: look at #random <now> & then"
    assert stored.startswith(f"<@{slack.person('bo').id}>: look at <#")
    assert "&lt;now&gt; &amp; then" in stored


async def test_edits_deletions_and_reactions_are_seen_by_the_others(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    message = await ann.types("tpyo", channel="general")
    gone = await ann.types("gone", channel="general")
    await ann.edits(message, "typo")
    await ann.deletes(gone)
    await bo.reacts(message, "eyes")
    await ann.reacts(message, "eyes")
    await bo.unreacts(message, "eyes")
    await bo.pins_message(message)

    (seen,) = bo.sees("general")

    assert (seen.text, seen.edited, seen.reactions, seen.pinned) == ("typo", True, {"eyes": ["ann"]}, True)
    assert [pin.text for pin in ann.pins("general")] == ["typo"]
    with pytest.raises(SlackError, match="cant_update_message"):
        await bo.edits(message, "mine now")


async def test_a_private_channel_is_nowhere_for_those_outside(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("secret", private=True)
    message = await ann.types("whispered", channel="secret")
    await ann.types("see #secret", channel="general")

    assert "secret" in ann.channels()
    assert "secret" not in bo.channels()
    assert bo.sees("general")[-1].text == "see private channel"
    with pytest.raises(NotVisible):
        bo.sees("secret")
    with pytest.raises(SlackError, match="channel_not_found"):
        await bo.reacts(message, "eyes")


async def test_a_guest_sees_only_the_channels_they_are_in(slack: Sandbox) -> None:
    assert slack.person("eve").channels() == []

    await slack.person("ann").invites("eve", "random")

    assert slack.person("eve").channels() == ["random"]
    assert slack.person("ann").members("random") == ["ann", "bo", "chidi", "dee", "eve"]


async def test_an_upload_shows_the_file_and_its_words(slack: Sandbox) -> None:
    await slack.person("ann").uploads("graph.txt", b"1 2 3", channel="general", words="The graph")

    (message,) = slack.person("bo").sees("general")
    assert (message.text, message.files, message.subtype) == ("The graph", ["graph.txt"], "file_share")


async def test_a_direct_message_is_seen_by_the_two_of_them(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.types("psst", channel="@bo")
    await ann.types("hello bot", channel="@parrot")

    assert [message.text for message in bo.sees("@ann")] == ["psst"]
    assert [message.text for message in ann.dm()] == ["hello bot"]
    assert bo.dm() == []
    assert "@parrot" in ann.channels()


async def test_channels_are_made_joined_named_and_archived_by_people(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("kitchen")
    await bo.joins("kitchen")
    await ann.sets_topic("kitchen", "Ask @bo & co")
    await ann.renames("kitchen", "pantry")
    await bo.leaves("pantry")
    await ann.archives("pantry")

    assert "pantry" not in ann.channels()
    assert ann.topic("pantry") == "Ask @bo & co"
    assert ann.members("pantry") == ["ann"]
    with pytest.raises(SlackError, match="is_archived"):
        await ann.types("too late", channel="pantry")


async def test_waiting_is_woken_by_the_message_and_names_what_is_missing(slack: Sandbox, app: AsyncApp) -> None:
    ann = slack.person("ann")

    @app.event("message")
    async def answer(event: Json, client: Any) -> None:
        await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="*Polly* wants a cracker")

    await ann.types("hello?", channel="@parrot")
    reply = await ann.wait_for("@parrot", containing="Polly wants")

    assert reply.author == "parrot"
    with pytest.raises(NeverCame, match=r"ann sees no 'Coco' in @parrot, but \['hello\?'\]"):
        await ann.wait_for("@parrot", containing="Coco", timeout=0.05)


async def test_a_published_home_is_shown_and_its_buttons_work(slack: Sandbox, app: AsyncApp) -> None:
    pressed: list[Json] = []

    @app.event("app_home_opened")
    async def show(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [actions(button("Go"))]})

    @app.action("go")
    async def on_go(ack: Any, body: Json) -> None:
        pressed.append(body)
        await ack()

    ann = slack.person("ann")
    assert await ann.opens_home() is None
    await slack.events_settled()
    home = await ann.opens_home()
    assert home is not None
    await home.press("Go")

    assert [block["type"] for block in ann.home()] == ["actions"]
    assert pressed[0]["view"]["type"] == "home"
    assert slack.person("bo").home() == []


async def test_a_form_is_opened_by_a_button_of_the_home_tab(slack: Sandbox, app: AsyncApp) -> None:
    words = {"type": "plain_text", "text": "Subscribe"}
    modal = {"type": "modal", "title": words, "blocks": [{"type": "section", "text": words}]}

    @app.action("go")
    async def on_go(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal)
        await ack()

    ann = slack.person("ann")
    slack.workspace.views.publish(ann.id, {"type": "home", "blocks": [actions(button("Go"))]})
    home = await ann.opens_home()
    assert home is not None

    await home.press("Go")

    assert (await ann.form()).title == "Subscribe"
    assert slack.person("bo").open_form() is None


async def test_waiting_is_woken_by_an_edit_of_what_was_read_before(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    typed = await ann.types("it is down", channel="general")
    awaited = asyncio.create_task(bo.wait_for("general", containing="is up"))
    await asyncio.sleep(0)

    await bo.types("really?", channel="general")
    await asyncio.sleep(0)
    await ann.edits(typed, "it is up")

    assert (await awaited).ts == typed.ts


async def test_waiting_for_anything_seen_covers_what_is_not_there_yet(slack: Sandbox) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    topic_set = asyncio.create_task(bo.until(lambda: bo.topic("kitchen") == "Cake", what="no cake"))
    await asyncio.sleep(0)

    await ann.creates("kitchen")
    await ann.sets_topic("kitchen", "Cake")

    await topic_set
    with pytest.raises(NeverCame, match="no tea"):
        await bo.until(lambda: bo.topic("kitchen") == "Tea", what="no tea", timeout=0.01)


async def test_nobody_can_write_to_a_bot_whose_messages_tab_is_off() -> None:
    features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": True, "messages_tab_enabled": False}}
    async with Sandbox(MANIFEST | {"features": features}) as slack:
        with pytest.raises(SlackError, match="messages_tab_disabled"):
            await slack.person("ann").types("psst", channel="@parrot")


async def test_an_archived_channel_takes_no_command_invitation_name_or_removal(slack: Sandbox, app: AsyncApp) -> None:
    ann = slack.person("ann")
    await ann.creates("old")
    await ann.invites("bo", "old")
    await ann.archives("old")

    for deed in (
        ann.command("/parrot", channel="old"),
        ann.invites("dee", "old"),
        ann.removes("bo", "old"),
        ann.renames("old", "older"),
    ):
        with pytest.raises(SlackError, match="is_archived"):
            await deed
    assert ann.members("old") == ["ann", "bo"]


async def test_an_external_select_on_a_message_asks_the_app_for_its_options(slack: Sandbox, app: AsyncApp) -> None:
    asked: list[Json] = []
    chosen: list[Json] = []

    @app.options("bird")
    async def birds(ack: Any, body: Json) -> None:
        asked.append(body)
        await ack(options=[option(name) for name in ("Polly", "Coco") if body["value"] in name])

    @app.action("bird")
    async def on_bird(ack: Any, body: Json) -> None:
        chosen.append(body["actions"][0])
        await ack()

    await posted(slack, app, actions({"type": "external_select", "action_id": "bird", "placeholder": plain("Bird")}))
    ann = slack.person("ann")
    message = ann.sees("general")[-1]

    await ann.choose("Polly", message, menu="Bird")

    assert chosen[0]["selected_option"] == option("Polly")
    assert (asked[0]["type"], asked[0]["value"], asked[0]["block_id"]) == ("block_suggestion", "Polly", "row")
    assert (asked[0]["container"]["message_ts"], asked[0]["message"]["ts"]) == (message.ts, message.ts)
    assert asked[0]["channel"]["id"] == message.channel_id
    with pytest.raises(LookupError):
        await ann.choose("Po", message, menu="Bird")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option(f"Polly {number}") for number in range(101)]},
        {"options": [{"text": "Polly 1"}]},
        {"options": [option("Polly 1")], "option_groups": []},
        {},
    ],
)
async def test_options_slack_would_not_take_are_a_complaint_and_offer_nothing(
    slack: Sandbox, app: AsyncApp, answer: Json
) -> None:
    @app.middleware  # Bolt's own ack would not send all of these
    async def raw(body: Json) -> BoltResponse:
        return BoltResponse(status=200, body=answer)

    await posted(slack, app, actions({"type": "external_select", "action_id": "bird", "placeholder": plain("Bird")}))
    ann = slack.person("ann")

    with pytest.raises(LookupError):
        await ann.choose("Polly 1", ann.sees("general")[-1], menu="Bird")

    assert any("block_suggestion" in complaint for complaint in slack.complaints)


async def test_feedback_and_icon_buttons_are_pressed_like_any_other(slack: Sandbox, app: AsyncApp) -> None:
    pressed: list[Json] = []
    for action_id in ("rate", "drop"):

        @app.action(action_id)
        async def on_press(ack: Any, body: Json) -> None:
            pressed.append({key: body["actions"][0].get(key) for key in ("type", "action_id", "value")})
            await ack()

    feedback = {
        "type": "feedback_buttons",
        "action_id": "rate",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }
    icon = {"type": "icon_button", "icon": "trash", "action_id": "drop", "text": plain("Drop"), "value": "this"}
    await posted(slack, app, {"type": "context_actions", "elements": [feedback, icon]})
    ann = slack.person("ann")
    message = ann.sees("general")[-1]

    await ann.press("Bad", message)
    await ann.press("Drop", message)

    assert message.buttons == ["Good", "Bad", "Drop"]
    assert pressed == [
        {"type": "feedback_buttons", "action_id": "rate", "value": "down"},
        {"type": "icon_button", "action_id": "drop", "value": "this"},
    ]


async def test_nobody_sends_an_empty_message(slack: Sandbox) -> None:
    ann = slack.person("ann")
    sent = await ann.types("words", channel="general")

    with pytest.raises(SlackError, match="no_text"):
        await ann.types(" \n", channel="general")
    with pytest.raises(SlackError, match="no_text"):
        await ann.edits(sent, "")


async def test_nobody_reacts_to_or_pins_an_ephemeral_message_or_a_tombstone(slack: Sandbox, app: AsyncApp) -> None:
    ann = slack.person("ann")
    gone = await ann.types("soon gone", channel="general")
    await ann.types("a reply", channel="general", thread=gone)
    await ann.deletes(gone)
    general = slack.workspace.general
    slack.workspace.chat.post_ephemeral(general, by=slack.workspace.bot.id, to=ann.id, draft={"text": "psst"})
    whisper = ann.sees("general")[-1]

    for message in (gone, whisper):
        for deed in (ann.reacts(message, "eyes"), ann.pins_message(message), ann.edits(message, "x")):
            with pytest.raises(SlackError, match="message_not_found"):
                await deed


async def test_someone_deactivated_does_nothing_any_more(slack: Sandbox, app: AsyncApp) -> None:
    ann = slack.person("ann")
    await posted(slack, app, actions(button("Go")))
    message = ann.sees("general")[-1]
    await ann.types("hello", channel="@bo")
    slack.workspace.deactivate(ann.user)

    for deed in (
        ann.types("again", channel="@bo"),
        ann.command("/parrot", channel="@bo"),
        ann.shortcut("Talk"),
        ann.press("Go", message),
        ann.reacts(message, "eyes"),
        ann.creates("mine"),
        ann.joins("random"),
        ann.opens_home(),
    ):
        with pytest.raises(SlackError, match="account_inactive"):
            await deed
