"""What the Web API makes of a request before any method looks at it."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.api.conftest import Slack, refusal

JSON = {"Content-Type": "application/json; charset=utf-8"}


def bearer(slack: Slack) -> dict[str, str]:
    return {"Authorization": f"Bearer {slack.workspace.app.bot_token}"}


async def test_auth_test_says_whom_the_token_acts_as(slack: Slack) -> None:
    answer = await slack.web.auth_test()

    assert (answer["user_id"], answer["bot_id"]) == (slack.bot, slack.workspace.app.bot_id)
    assert answer["team_id"] == slack.workspace.team.id
    assert slack.workspace.complaints == []


async def test_a_call_without_a_token_is_not_authed(slack: Slack) -> None:
    assert await refusal(AsyncWebClient(base_url=f"{slack.server.url}/api/").auth_test()) == "not_authed"


async def test_a_token_nobody_issued_is_invalid(slack: Slack) -> None:
    stranger = AsyncWebClient(token="xoxb-1", base_url=f"{slack.server.url}/api/")

    assert await refusal(stranger.auth_test()) == "invalid_auth"


async def test_an_app_level_token_is_not_for_methods_of_the_bot(slack: Slack) -> None:
    app_level = AsyncWebClient(token=slack.workspace.app.app_token, base_url=f"{slack.server.url}/api/")

    assert await refusal(app_level.auth_test()) == "not_allowed_token_type"


async def test_a_bot_token_opens_no_socket(slack: Slack) -> None:
    token = slack.workspace.app.bot_token

    assert await refusal(slack.web.apps_connections_open(app_token=token)) == "not_allowed_token_type"


async def test_an_app_level_token_gets_the_address_of_a_socket(slack: Slack) -> None:
    slack.server.open_socket_url = lambda: "ws://127.0.0.1/link"

    answer = await slack.web.apps_connections_open(app_token=slack.workspace.app.app_token)

    assert answer["url"] == "ws://127.0.0.1/link"


async def test_a_token_is_taken_from_a_form(slack: Slack, http: aiohttp.ClientSession) -> None:
    form = {"token": slack.workspace.app.bot_token}

    async with http.post(f"{slack.server.url}/api/auth.test", data=form) as response:
        assert (await response.json())["ok"] is True


async def test_a_token_in_a_json_body_or_in_the_query_is_not_taken(slack: Slack, http: aiohttp.ClientSession) -> None:
    token = {"token": slack.workspace.app.bot_token}
    url = f"{slack.server.url}/api/auth.test"

    async with http.post(url, json=token) as in_body, http.get(url, params=token) as in_query:
        answers = [await in_body.json(), await in_query.json()]

    assert [answer["error"] for answer in answers] == ["not_authed", "not_authed"]


async def test_an_unknown_method_is_named_in_the_answer(slack: Slack, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{slack.server.url}/api/chat.shout", headers=bearer(slack)) as response:
        assert response.status == 200
        assert await response.json() == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


async def test_a_method_of_slacks_that_is_not_here_is_a_complaint(slack: Slack) -> None:
    assert await refusal(slack.web.api_call("reminders.add")) == "unknown_method"

    assert slack.workspace.complaints == ["reminders.add is a method of Slack's that this workspace does not have"]


@pytest.mark.parametrize(
    ("body", "code"), [("{", "invalid_json"), ('{"x": NaN}', "invalid_json"), ("[1]", "json_not_object")]
)
async def test_a_body_that_is_no_json_object_is_refused(
    slack: Slack, http: aiohttp.ClientSession, body: str, code: str
) -> None:
    url = f"{slack.server.url}/api/auth.test"

    async with http.post(url, data=body, headers=bearer(slack) | JSON) as response:
        assert (await response.json())["error"] == code


async def test_a_list_in_a_form_that_is_no_json_is_refused(slack: Slack, http: aiohttp.ClientSession) -> None:
    form = {"channel": slack.workspace.general.id, "text": "x", "attachments": '[{"text": "x", "ts": NaN}]'}

    async with http.post(f"{slack.server.url}/api/chat.postMessage", data=form, headers=bearer(slack)) as response:
        assert not (await response.json())["ok"]


async def test_json_of_no_bytes_carries_no_arguments(slack: Slack, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{slack.server.url}/api/auth.test", headers=bearer(slack) | JSON) as response:
        assert (await response.json())["ok"]


async def test_a_json_body_without_charset_is_answered_with_a_warning(
    slack: Slack, http: aiohttp.ClientSession
) -> None:
    headers = bearer(slack) | {"Content-Type": "application/json"}

    async with http.post(f"{slack.server.url}/api/auth.test", data="{}", headers=headers) as response:
        answer = await response.json()

    assert (answer["ok"], answer["warning"]) == (True, "missing_charset")
    assert answer["response_metadata"]["warnings"] == ["missing_charset"]
    assert slack.workspace.complaints == ["auth.test: missing_charset"]


async def test_a_body_of_another_type_is_refused(slack: Slack, http: aiohttp.ClientSession) -> None:
    headers = bearer(slack) | {"Content-Type": "application/xml"}

    async with http.post(f"{slack.server.url}/api/auth.test", data="<a/>", headers=headers) as response:
        assert (await response.json())["error"] == "invalid_post_type"


async def test_json_inside_a_form_is_read_like_json(slack: Slack, http: aiohttp.ClientSession) -> None:
    channel = slack.public()
    form = {"channel": channel.id, "text": "Hello", "blocks": '[{"type": "divider"}]'}

    async with http.post(f"{slack.server.url}/api/chat.postMessage", data=form, headers=bearer(slack)) as response:
        answer = await response.json()

    assert answer["message"]["blocks"][0]["type"] == "divider"


async def test_a_missing_argument_is_named(slack: Slack) -> None:
    channel = slack.public()

    async with aiohttp.ClientSession(headers=bearer(slack)) as session:
        url = f"{slack.server.url}/api/conversations.setTopic"
        async with session.post(url, data={"channel": channel.id}) as response:
            answer = await response.json()

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: topic"]


async def test_an_argument_nobody_documented_is_a_complaint(slack: Slack) -> None:
    await slack.web.api_call("auth.test", json={"colour": "red"})

    assert slack.workspace.complaints == ["auth.test has no argument `colour`"]


async def test_api_test_echoes_and_fails_on_demand(slack: Slack) -> None:
    answer = await slack.web.api_test(colour="red")

    assert answer["args"] == {"colour": "red"}
    assert await refusal(slack.web.api_test(error="my_error")) == "my_error"


async def test_a_missing_scope_is_named_with_what_was_granted(slack: Slack) -> None:
    channel = slack.public()
    slack.grant_without("chat:write")

    with pytest.raises(Exception, match="missing_scope") as refused:
        await slack.web.chat_postMessage(channel=channel.id, text="Hello")

    answer = refused.value.response  # type: ignore[attr-defined]
    assert answer["needed"] == "chat:write"
    assert "channels:read" in answer["provided"].split(",")
    assert answer.headers["x-accepted-oauth-scopes"] == "chat:write"


@pytest.mark.parametrize(("private", "scope"), [(True, "groups:write"), (False, "channels:manage")])
async def test_a_channel_needs_the_scope_of_its_own_kind(slack: Slack, private: bool, scope: str) -> None:
    slack.grant_without(scope)

    create = slack.web.conversations_create

    assert await refusal(create(name="one", is_private=private)) == "missing_scope"
    assert (await create(name="two", is_private=not private))["ok"]


async def test_listing_private_channels_needs_the_scope_for_them(slack: Slack) -> None:
    slack.grant_without("groups:read")

    listing = slack.web.conversations_list(types="public_channel,private_channel")

    assert await refusal(listing) == "missing_scope"


async def test_the_log_keeps_each_call_without_its_token(slack: Slack, http: aiohttp.ClientSession) -> None:
    token = slack.workspace.app.bot_token

    await slack.web.api_test(colour="red")
    await http.post(f"{slack.server.url}/api/auth.test", data={"token": token})

    first, second = slack.server.calls.log
    assert (first.number, first.method, first.arguments) == (1, "api.test", {"colour": "red"})
    assert (first.status, first.answer) == (200, {"ok": True, "args": {"colour": "red"}})
    assert token not in str(second)
