"""The buttons that ask whether it worked: of verification, of effectiveness checks, and of investments."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from sqlalchemy.ext.asyncio import AsyncSession

from bot import ids
from bot.actions.items import Pressed, answered
from bot.commands.ask import ask_of_button
from bot.services import Services
from bot.views.about_question import AboutQuestion, about_button, owe_message_anew
from bot.views.check import check_modal
from bot.views.decide import refuse_investment_modal
from bot.views.verify import verify_modal
from storage.tables import ActionItem, ItemKind
from workflows.check_commands import AddFromCheck, AnswerCheck, CheckCommand, DecideItem, Effect
from workflows.check_findings import find_for_checks
from workflows.checks import add_from_check, answer_check, refuse_unless_asked, refuse_verifier, see_check
from workflows.decisions import decide_item, refuse_decision
from workflows.errors import Declined
from workflows.item_details import find_seen
from workflows.item_errors import ItemNotFound

_UNSURE = {ids.CHECK_PARTLY: Effect.PARTLY, ids.CHECK_NOT: Effect.NOT}
_NEEDED = {ids.CHECK_CONTROL: ItemKind.CONTROL, ids.CHECK_TRAINING: ItemKind.TRAINING}


async def on_verify_clicked(slack: AsyncArgs, services: Services) -> None:
    """Verify was pressed: the form asks for the link, unless it is plain already that it would be declined."""
    await answered(slack, services, _verify)


async def on_approve_clicked(slack: AsyncArgs, services: Services) -> None:
    """Approve was pressed beside an investment."""
    await answered(slack, services, _approve)


async def on_refuse_clicked(slack: AsyncArgs, services: Services) -> None:
    """Do not approve was pressed beside an investment: the form asks why."""
    await answered(slack, services, _refuse)


async def on_effective_clicked(slack: AsyncArgs, services: Services) -> None:
    """Effective was pressed."""
    about, request = about_button(slack.body), _request(slack, services)
    command = AnswerCheck(**request, check_id=about.number, answer=Effect.EFFECTIVE)
    await _settle(slack, services, about, answer_check, command)


async def on_needed_clicked(slack: AsyncArgs, services: Services) -> None:
    """Needs a control or Needs training was pressed."""
    about, kind = about_button(slack.body), _NEEDED[slack.body["actions"][0]["action_id"]]
    command = AddFromCheck(**_request(slack, services), check_id=about.number, kind=kind)
    await _settle(slack, services, about, add_from_check, command)


async def on_unsure_clicked(slack: AsyncArgs, services: Services) -> None:
    """Partly or Not was pressed: the form asks for more, unless somebody was first."""
    about, who = about_button(slack.body), slack.body["user"]["id"]
    try:
        async with services.read() as session:
            incident, item, check = await see_check(session, about.number, by=who, asked_in=about.asked_in)
            await refuse_unless_asked(session, item, check, by=who, process=services.process)
            found = await find_for_checks(session, [(check, incident)], viewer=who)
    except Declined:
        await _show_what_is_so(services, about)
        raise
    answer = _UNSURE[slack.body["actions"][0]["action_id"]]
    view = check_modal(item, found[check.number], about, answer=answer)
    await services.slack.call("views.open", trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()


async def _verify(pressed: Pressed) -> None:
    async with pressed.services.read() as session:
        item = await _look(session, pressed)
    refuse_verifier(item, by=pressed.ask.user_id)
    await pressed.open(verify_modal(item, pressed.about))


async def _approve(pressed: Pressed) -> None:
    await pressed.change(decide_item, DecideItem(**pressed.request(), approved=True))


async def _refuse(pressed: Pressed) -> None:
    async with pressed.services.read() as session:
        item = await _look(session, pressed)
        await refuse_decision(session, item, by=pressed.ask.user_id, process=pressed.services.process)
    await pressed.open(refuse_investment_modal(item, pressed.about))


async def _look(session: AsyncSession, pressed: Pressed) -> ActionItem:
    """The item as it is now. Raises ItemNotFound."""
    about = pressed.about
    item = await find_seen(session, about.item_id, viewer=pressed.ask.user_id, asked_in=about.asked_in)
    if item is None:
        raise ItemNotFound(about.item_id)
    return item


def _request(slack: AsyncArgs, services: Services) -> dict[str, Any]:
    """Who pressed, which request it is, and where it came from."""
    ask = ask_of_button(slack, services)
    return {**ask.request(), "asked_in": ask.channel_id}


async def _settle(
    slack: AsyncArgs,
    services: Services,
    about: AboutQuestion,
    workflow: Callable[..., Awaitable[ActionItem]],
    command: CheckCommand,
) -> None:
    """Do it; the message pressed shows what is now true, also where it is declined."""
    try:
        async with services.transaction() as session:
            await workflow(session, command, process=services.process, now=services.now())
            await owe_message_anew(session, about, now=services.now())
    except Declined:
        await _show_what_is_so(services, about)
        raise
    await slack.ack()


async def _show_what_is_so(services: Services, about: AboutQuestion) -> None:
    async with services.transaction() as session:
        await owe_message_anew(session, about, now=services.now())
