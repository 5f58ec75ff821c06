"""Who was told of what: counts, each notice with how it went, and another try for what failed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.parts import section
from bot.blocks.text import DAY_AND_TIME, MODAL_TITLE_LIMIT, channel_link, clip, escape, mention, moment, plural
from bot.messenger.faults import OURS, hint
from bot.services import Services
from bot.views.form import Remembered, remembered
from bot.views.redraw import redraw
from storage.notices import NoticeRow
from storage.tables import DeliveryKind, DeliveryOutcome, Incident
from workflows.access import see_incident
from workflows.process import Process
from workflows.proof import Proof, RetryNotices, proof_of, retry_notices
from workflows.recipients import SUBSCRIPTION, is_person

PAGE = 40
"""Notices a page: each a block, with headings between them below Slack's 100."""
UNKNOWN_SHOWN = 10
HINT_LIMIT = 400


def who_view(incident: Incident, proof: Proof, *, process: Process, asked_in: str | None) -> View:
    """The modal with one page of the notices."""
    blocks: list[Block] = [section(_counts(proof)), *_buttons(proof)]
    blocks += [section(f":warning: {clip(escape(each.hint), HINT_LIMIT)}") for each in proof.unknown[:UNKNOWN_SHOWN]]
    blocks += _rows(proof, process)
    return View(
        type="modal",
        title=PlainTextObject(text=clip(f"Who heard of {incident.ref}", MODAL_TITLE_LIMIT)),
        close=PlainTextObject(text="Close"),
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _counts(proof: Proof) -> str:
    if not proof.total and not proof.unknown:
        return "Nobody beside its channel was told yet: no audience in sitrep.toml and no subscription asked for it."
    counted = f"*{plural(proof.total, 'notice')}*: {proof.sent} sent, {proof.failed} failed, {proof.waiting} waiting"
    return f"{counted} · {plural(len(proof.unknown), 'name')} not found" if proof.unknown else counted


def _buttons(proof: Proof) -> list[Block]:
    page, buttons = proof.page, []
    if proof.failed or proof.unknown:
        buttons.append(_button("Retry all", ids.RETRY_NOTICES, page, style="primary"))
    if page + 1 < proof.pages:
        buttons.append(_button("Earlier", ids.WHO_EARLIER, page + 1))
    if page > 0:
        buttons.append(_button("Later", ids.WHO_LATER, page - 1))
    return [ActionsBlock(elements=buttons)] if buttons else []


def _rows(proof: Proof, process: Process) -> Iterator[Block]:
    heading = None
    for row in proof.notices:
        failed = row.outcome is DeliveryOutcome.GAVE_UP
        if (failed, row.transition) != heading:
            heading = failed, row.transition
            text = f"*{row.transition.replace('_', ' ').capitalize()}{': failed' if failed else ''}*"
            yield ContextBlock(elements=[MarkdownTextObject(text=text)])
        retry = _button("Retry", ids.RETRY_NOTICE, proof.page, delivery=row.delivery_id) if failed else None
        yield SectionBlock(text=MarkdownTextObject(text=_line(row, process)), accessory=retry)


def _line(row: NoticeRow, process: Process) -> str:
    return f"{_how(row)[0]} {_recipient(row)} · {escape(_because(row.why, process))} · {_how(row)[1]}"


def _because(why: str, process: Process) -> str:
    """Whose wish it was: the reader's own, or an audience's, by its name; the key where it is not there any more."""
    if why == SUBSCRIPTION:
        return "subscribed"
    audience = process.audiences.get(why.split(".")[1]) if why.count(".") == 2 else None
    return audience.name if audience else why


def _recipient(row: NoticeRow) -> str:
    match row.kind:
        case DeliveryKind.NOTICE:
            return mention(row.to) if is_person(row.to) else channel_link(row.to)
        case DeliveryKind.MAIL:
            return escape(row.to)
        case _:
            return f"webhook {escape(row.to)}"


def _how(row: NoticeRow) -> tuple[str, str]:
    """A sign and words for how it went, with what to do about it."""
    error = row.last_error or ""
    if row.outcome is DeliveryOutcome.SENT and row.done_at:
        return ":white_check_mark:", f"sent {moment(row.done_at, form=DAY_AND_TIME)}"
    if row.outcome is DeliveryOutcome.GAVE_UP:
        what_to_do = hint(error, kind=row.kind) if row.kind is DeliveryKind.NOTICE or error in OURS else ""
        return ":x:", clip(escape(f"failed ({error}). {what_to_do}".strip()), HINT_LIMIT)
    if row.outcome is not None:
        return ":heavy_minus_sign:", "not needed any more"
    if row.retry_at is not None:
        because = f" ({escape(clip(error, 200))})" if error else ""
        return ":hourglass:", f"waiting until {moment(row.retry_at, form=DAY_AND_TIME)}{because}"
    return ":hourglass:", "on its way"


def _button(
    label: str, action_id: str, page: int, *, style: str | None = None, delivery: int | None = None
) -> ButtonElement:
    value = json.dumps({"page": page, "delivery": delivery})
    return ButtonElement(text=PlainTextObject(text=label), action_id=action_id, value=value, style=style)


async def on_who_page_clicked(slack: AsyncArgs, services: Services) -> None:
    """Earlier or Later was pressed."""
    await slack.ack()
    await _show(slack.body, services)


async def on_retry_clicked(slack: AsyncArgs, services: Services) -> None:
    """Retry was pressed at one notice, or for all that failed; pressed twice it does no harm."""
    body, action = slack.body, slack.body["actions"][0]
    kept, picked = remembered(body["view"]), json.loads(action["value"])
    command = RetryNotices(
        by=body["user"]["id"],
        request_id=f"click/{body['user']['id']}/{action['action_id']}/{action['action_ts']}",
        incident_id=kept.incident_id,
        asked_in=kept.asked_in,
        deliveries=(picked["delivery"],) if picked["delivery"] is not None else None,
    )
    async with services.transaction() as session:
        await retry_notices(session, command, now=services.now())
    await slack.ack()
    await _show(body, services)


async def _show(body: Mapping[str, Any], services: Services) -> None:
    """Draw the page that was asked for, as it is now, for somebody who may still see the incident."""
    kept, picked = remembered(body["view"]), json.loads(body["actions"][0]["value"])
    async with services.read() as session:
        incident = await see_incident(session, kept.incident_id, body["user"]["id"], asked_in=kept.asked_in)
        proof = await proof_of(session, incident, page=picked["page"], size=PAGE)
    view = who_view(incident, proof, process=services.process, asked_in=kept.asked_in)
    await redraw(services, body["view"], view, chosen_at=body["actions"][0]["action_ts"])
