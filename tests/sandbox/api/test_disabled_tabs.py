"""An app whose manifest switches its Home and Messages tabs off."""

import pytest

from tests.sandbox.api.conftest import Manifest, Slack, refusal


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(home_tab_enabled=False, messages_tab_enabled=False)


async def test_without_a_home_tab_nothing_is_published(slack: Slack) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}

    assert await refusal(slack.web.views_publish(user_id=slack.ann.id, view=home)) == "not_enabled"


async def test_without_a_messages_tab_nobody_is_messaged(slack: Slack) -> None:
    dm = (await slack.web.conversations_open(users=slack.ann.id))["channel"]["id"]
    whisper = slack.web.chat_postEphemeral(channel=dm, user=slack.ann.id, text="Hello")

    assert await refusal(slack.web.chat_postMessage(channel=slack.ann.id, text="Hello")) == "messages_tab_disabled"
    assert await refusal(whisper) == "messages_tab_disabled"
