"""The declare form when the settings have changed while it was open."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest

from bot.listener import InvalidInput
from bot.views.declare import on_declare_choice, parse_declare_incident
from tests.bot.payloads import submitted
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
