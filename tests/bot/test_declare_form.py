"""The declare form for a channel that is there, and when the settings have changed while it was open."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from bot import ids
from bot.commands.adoptable import ExistingChannel
from bot.listener import InvalidInput
from bot.views.declare import declare_modal, on_declare_choice, parse_declare_incident
from tests.bot.payloads import GONE, submitted
from tests.builders import PROCESS

GONE_TYPE = "taken_out"


def test_a_type_that_was_taken_out_of_the_settings_is_asked_for_again() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_declare_incident(submitted("declare", type=GONE_TYPE), process=PROCESS)

    assert refusal.value.fields == {"type": "This type was taken out of the settings; choose another one."}


async def test_a_form_with_such_a_type_is_left_as_it_is() -> None:
    slack = SimpleNamespace(body=submitted("declare", type=GONE_TYPE), ack=AsyncMock())
    services = SimpleNamespace(process=PROCESS, slack=SimpleNamespace(call=AsyncMock()))

    await on_declare_choice(cast(Any, slack), cast(Any, services))

    slack.ack.assert_awaited_once_with()
    services.slack.call.assert_not_awaited()


@pytest.mark.parametrize("private", [True, False])
def test_in_a_channel_that_is_there_the_channel_decides_who_may_see_it(private: bool) -> None:
    view = declare_modal(process=PROCESS, declarer="UANN", existing=ExistingChannel("C1", private=private)).to_dict()
    body = submitted("declare", visibility=GONE)
    body["view"]["private_metadata"] = view["private_metadata"]

    command = parse_declare_incident(body, process=PROCESS)

    assert (command.channel_id, command.private) == ("C1", private)
    assert ids.VISIBILITY not in [block.get("block_id") for block in view["blocks"]]


def test_a_form_that_was_opened_before_there_was_adopting_opens_a_channel() -> None:
    body = submitted("declare")
    body["view"]["private_metadata"] = '{"answer_url": "https://hooks.slack.com/x"}'

    command = parse_declare_incident(body, process=PROCESS)

    assert (command.channel_id, command.answer_url) == (None, "https://hooks.slack.com/x")
