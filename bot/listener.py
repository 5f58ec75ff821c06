"""Between Bolt and our handlers: what a parser refuses, what the process declines, and the one place errors stop."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError

from bot import ids
from bot.blocks.text import prose
from bot.services import Services
from workflows.errors import AlreadyReceived, Declined, GapsRemain, NotAPerson, ReasonNeeded, WrongFacts
from workflows.item_errors import HiddenFromOwner, ItemReasonNeeded, WrongItem

Handler = Callable[[AsyncArgs, Services], Awaitable[None]]

log = structlog.get_logger()

TOO_SLOW = "Slack could not show the form in time. Nothing was changed; please do that again."


TRIGGER_EXPIRED = ("expired_trigger_id", "trigger_expired")
TRIGGER_USED = ("exchanged_trigger_id", "trigger_exchanged")
"""A form can be opened for three seconds after a command or click, and once (methods: views.open; guide: Modals)."""


class InvalidInput(Exception):
    """What somebody wrote cannot be taken as it is: one sentence per wrong field, by block_id."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(" ".join(fields.values()))


class AlreadyLogged(Exception):
    """A handler failed at an event: it is written down, and raised on so that Slack hears 500."""


def listener(handler: Handler, services: Services) -> Callable[[AsyncArgs], Awaitable[None]]:
    """A Bolt listener that answers for everything its handler may raise."""

    async def listen(args: AsyncArgs) -> None:
        with services.requests.one(), services.metrics.time_to_answer():
            try:
                await handler(args, services)
            except AlreadyReceived:
                await args.ack()
            except InvalidInput as fault:
                await _refuse(args, services, fault.fields)
            except Declined as refusal:
                await _refuse(args, services, _at_fields(refusal, args.body))
            except Exception as fault:
                await _fail(args, fault, services)

    return listen


async def _refuse(args: AsyncArgs, services: Services, fields: dict[str, str] | str) -> None:
    """Say privately what is so; a form stays open with everything that was typed, and says it at the field."""
    if args.body.get("type") != "view_submission":
        sentence = fields if isinstance(fields, str) else " ".join(fields.values())
        await answer(args, prose(sentence))
        return
    first = first_input(args.body["view"])
    at_fields = {first: fields} if isinstance(fields, str) else fields
    errors = {block_id: await services.with_names(sentence) for block_id, sentence in at_fields.items()}
    await args.ack(response_action="errors", errors=errors)


def _at_fields(refusal: Declined, body: dict[str, Any]) -> dict[str, str] | str:
    """Which field of the form a refusal is about; just its sentence where the form has no such field."""
    on_form = {str(block["block_id"]) for block in body.get("view", {}).get("blocks", []) if block["type"] == "input"}
    if isinstance(refusal, GapsRemain):
        at_gaps = {_FIELD_OF_GAP.get(gap.name, gap.name): gap.ask for gap in refusal.gaps}
        return at_gaps if at_gaps.keys() <= on_form else str(refusal)
    if isinstance(refusal, WrongFacts | WrongItem) and refusal.faults.keys() <= on_form:
        return refusal.faults
    if isinstance(refusal, ReasonNeeded | ItemReasonNeeded) and ids.REASON in on_form:
        return {ids.REASON: str(refusal)}
    at_person = on_form & {ids.PERSON, ids.LEAD, ids.OWNER}
    if isinstance(refusal, NotAPerson | HiddenFromOwner) and at_person:
        return {at_person.pop(): str(refusal)}
    return str(refusal)


_FIELD_OF_GAP = {"monitored": ids.REASON}


async def answer(args: AsyncArgs, text: str, *, blocks: list[Any] | None = None) -> None:
    """Answer the asker, and only them: in the acknowledgement of a command, otherwise beside the button."""
    if "command" in args.body:
        await args.ack(text=text, blocks=blocks, response_type="ephemeral")
        return
    await args.ack()
    if args.body.get("response_url"):
        try:
            await args.respond(text=text, blocks=blocks, response_type="ephemeral", replace_original=False)
        except (ClientError, TimeoutError, SlackApiError) as fault:
            # What was asked for is done by now, so this must not read as if it had failed.
            log.warning("an answer could not be given", asked=_what_was_asked(args.body), exc_info=fault)


async def _fail(args: AsyncArgs, fault: Exception, services: Services) -> None:
    """Log it once; a person gets a reference, and an event is raised on so that Slack sends it again."""
    code = fault.response.get("error") if isinstance(fault, SlackApiError) else None
    if code in TRIGGER_USED:
        await args.ack()  # this very click or command came twice, and its form is open
        return
    if code in TRIGGER_EXPIRED:
        await _refuse(args, services, TOO_SLOW)
        return
    reference = secrets.token_hex(4)
    services.metrics.faults.inc()
    log.error("a handler failed", reference=reference, asked=_what_was_asked(args.body), exc_info=fault)
    if args.body.get("type") == "event_callback":
        raise AlreadyLogged(reference) from fault
    await _refuse(
        args,
        services,
        f"Something went wrong on our side, and nothing was changed. Try again; if it stays so, "
        f"tell whoever runs Sitrep this reference: {reference}",
    )


async def on_error(error: Exception) -> None:
    """Bolt's last word on a fault, instead of its own, which quotes what people wrote."""
    if not isinstance(error, AlreadyLogged):
        log.error("a request could not be answered", exc_info=error)


def first_input(view: dict[str, Any]) -> str:
    """The block_id of a form's first field, where a sentence about the whole form is shown."""
    return next((str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"), "")


def _what_was_asked(body: dict[str, Any]) -> str:
    """Which listener, in words that carry nothing anybody typed."""
    if "command" in body:
        return "command"
    if "actions" in body:
        return f"action {body['actions'][0].get('action_id')}"
    if "view" in body:
        return f"form {body['view'].get('callback_id')}"
    return f"event {body.get('event', {}).get('type')}"
