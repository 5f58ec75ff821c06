"""What the buttons and forms about a check or a risk carry: which one it is, and where the button stood."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.views.form import view_request
from workflows.reminding import owe_redrawing


@dataclass(frozen=True)
class AboutQuestion:
    """Which check or risk it is, and the message or the register in which it was asked."""

    number: int
    asked_in: str | None = None
    ts: str | None = None
    """Of the message, in that channel."""
    register: dict[str, Any] | None = None
    """What the register of risks keeps, where the button stood in it."""

    def to_text(self) -> str:
        """For private_metadata."""
        return json.dumps(asdict(self))


def about_button(body: Mapping[str, Any], *, register: dict[str, Any] | None = None) -> AboutQuestion:
    """Of a button that was pressed; its value is the number."""
    channel_id = (body.get("channel") or {}).get("id") or (register or {}).get("asked_in")
    ts = (body.get("container") or {}).get("message_ts")
    return AboutQuestion(int(body["actions"][0]["value"]), channel_id, ts, register)


def about_form(body: Mapping[str, Any]) -> AboutQuestion:
    """Of a form that was submitted."""
    return AboutQuestion(**json.loads(body["view"]["private_metadata"]))


def form_request(body: Mapping[str, Any], about: AboutQuestion) -> dict[str, Any]:
    """Who submitted, which request it is, and where it came from."""
    return {**view_request(body), "asked_in": about.asked_in}


async def owe_message_anew(session: AsyncSession, about: AboutQuestion, *, now: datetime) -> None:
    """Owe the message in which a button was pressed a drawing of what is now true, however old it is."""
    if about.asked_in and about.ts:
        await owe_redrawing(session, about.asked_in, about.ts, now=now)
