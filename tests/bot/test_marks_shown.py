"""Our ✅ on marked messages."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.messenger.marks import show_marked
from storage.tables import DeliveryKind
from tests.bot.scripted_slack import ScriptedSlack, a_claim, refusal
from tests.bot.values import a_situation


async def _show(slack: ScriptedSlack, *, marked: bool = True) -> None:
    claim = a_claim(DeliveryKind.SHOW_MARKED, payload={"ts": "1700000001.000100", "marked": marked})
    await show_marked(slack.work(claim, a_situation(channel_id="C1")))


@pytest.mark.parametrize(("marked", "method"), [(True, "reactions.add"), (False, "reactions.remove")])
async def test_a_check_comes_with_the_first_mark_and_goes_with_the_last(marked: bool, method: str) -> None:
    slack = ScriptedSlack(reactions__add={}, reactions__remove={})

    await _show(slack, marked=marked)

    assert slack.calls == [(method, {"channel": "C1", "timestamp": "1700000001.000100", "name": "white_check_mark"})]


@pytest.mark.parametrize(
    "code",
    ["already_reacted", "message_not_found", "too_many_emoji", "too_many_reactions", "not_reactable", "thread_locked"],
)
async def test_nobody_is_troubled_where_a_message_takes_no_check(code: str) -> None:
    await _show(ScriptedSlack(reactions__add=refusal(code)))


async def test_a_permission_that_is_missing_is_told() -> None:
    with pytest.raises(SlackApiError):
        await _show(ScriptedSlack(reactions__add=refusal("missing_scope")))
