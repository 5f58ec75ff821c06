"""Response URLs: answers without a token, five of them within thirty minutes."""

import aiohttp

from sandbox.state.model import Channel, Json
from tests.sandbox.api.conftest import Slack


async def send(slack: Slack, http: aiohttp.ClientSession, url_id: str, body: Json) -> tuple[int, str]:
    async with http.post(slack.server.response_url(url_id), json=body) as response:
        return response.status, await response.text()


def url(slack: Slack, channel: Channel, message_ts: str | None = None) -> str:
    return slack.workspace.response_urls.issue(channel, slack.ann.id, message_ts=message_ts)


async def test_an_answer_is_for_the_asker_alone_unless_it_says_in_channel(
    slack: Slack, http: aiohttp.ClientSession
) -> None:
    channel = slack.private(by=slack.ann)
    url_id = url(slack, channel)

    first = await send(slack, http, url_id, {"text": "psst"})
    second = await send(slack, http, url_id, {"text": "Hear", "response_type": "in_channel"})

    assert first == second == (200, "ok")
    assert [(m.text, m.ephemeral_to) for m in channel.ephemerals] == [("psst", slack.ann.id)]
    assert list(channel.messages.values())[-1].text == "Hear"


async def test_a_response_url_works_five_times(slack: Slack, http: aiohttp.ClientSession) -> None:
    url_id = url(slack, slack.public())

    answers = [await send(slack, http, url_id, {"text": "x"}) for _ in range(6)]

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]


async def test_a_response_url_works_for_thirty_minutes(slack: Slack, http: aiohttp.ClientSession) -> None:
    url_id = url(slack, slack.public())

    slack.clock.advance(1800)
    in_time = await send(slack, http, url_id, {"text": "x"})
    slack.clock.advance(1)

    assert in_time == (200, "ok")
    assert await send(slack, http, url_id, {"text": "x"}) == (404, "expired_url")


async def test_an_ephemeral_message_is_replaced_and_deleted_by_its_response_url(
    slack: Slack, http: aiohttp.ClientSession
) -> None:
    channel = slack.public()
    shown = slack.workspace.chat.post_ephemeral(channel, by=slack.bot, to=slack.ann.id, draft={"text": "Sure?"})
    url_id = url(slack, channel, shown.ts)

    await send(slack, http, url_id, {"text": "Done", "replace_original": True})
    assert [(m.text, m.ephemeral_to) for m in channel.ephemerals] == [("Done", slack.ann.id)]

    await send(slack, http, url_id, {"delete_original": True})
    assert channel.ephemerals == []


async def test_the_message_of_a_button_is_replaced_in_place(slack: Slack, http: aiohttp.ClientSession) -> None:
    channel = slack.public()
    ts = (await slack.web.chat_postMessage(channel=channel.id, text="Old"))["ts"]

    await send(slack, http, url(slack, channel, ts), {"text": "New", "replace_original": True})

    assert channel.messages[ts].text == "New"
    assert slack.kinds()[-1] == "message.message_changed"


async def test_content_slack_would_not_take_is_refused_and_costs_no_use(
    slack: Slack, http: aiohttp.ClientSession
) -> None:
    url_id = url(slack, slack.public())

    refused = await send(slack, http, url_id, {"text": "x", "blocks": [{"type": "nonsense"}]})
    answers = [await send(slack, http, url_id, {"text": "x"}) for _ in range(5)]

    assert refused == (400, "invalid_blocks")
    assert answers == [(200, "ok")] * 5


async def test_a_persons_own_message_is_never_replaced_or_deleted(slack: Slack, http: aiohttp.ClientSession) -> None:
    channel = slack.public(by=slack.ann)
    ts = slack.says(slack.bo, channel, "Mine")

    replaced = await send(slack, http, url(slack, channel, ts), {"text": "Taken over", "replace_original": True})
    deleted = await send(slack, http, url(slack, channel, ts), {"delete_original": True})

    assert replaced == deleted == (200, "ok")
    assert channel.messages[ts].text == "Mine"
    assert [(m.text, m.ephemeral_to) for m in channel.ephemerals] == [("Taken over", slack.ann.id)]
