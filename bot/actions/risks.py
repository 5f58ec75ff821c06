"""The buttons of accepted risks, in a message or in the register."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.commands.ask import ask_of_button
from bot.services import Services
from bot.views.about_question import AboutQuestion, about_button, owe_message_anew
from bot.views.risk import risk_modal, still_accepted_modal
from bot.views.risks import kept_of, redraw_register
from storage.tables import AcceptedRisk
from workflows.access import see_incident
from workflows.action_items import calendar_of
from workflows.check_commands import Review, ReviewRisk, RiskCommand, SignRisk
from workflows.errors import Declined
from workflows.risks import USUAL, refuse_review, review_risk, see_risk, sign_risk

_ANSWERS = {ids.RISK_ACT: Review.ACT, ids.RISK_OVER: Review.OVER}


async def on_sign_clicked(slack: AsyncArgs, services: Services) -> None:
    """Sign for it was pressed."""
    about = _about(slack)
    await _settle(slack, services, about, sign_risk, SignRisk(**_request(slack, services, about), risk_id=about.number))


async def on_settle_clicked(slack: AsyncArgs, services: Services) -> None:
    """Act on it or No risk any more was pressed."""
    about, answer = _about(slack), _ANSWERS[slack.body["actions"][0]["action_id"]]
    command = ReviewRisk(**_request(slack, services, about), risk_id=about.number, answer=answer)
    await _settle(slack, services, about, review_risk, command)


async def on_still_clicked(slack: AsyncArgs, services: Services) -> None:
    """Still accepted was pressed: the form asks until when, unless it is plain already that it would be declined."""
    about, who, process = _about(slack), slack.body["user"]["id"], services.process
    try:
        async with services.read() as session:
            _, risk, standing = await see_risk(session, about.number, by=who, process=process, asked_in=about.asked_in)
            refuse_review(risk, standing, Review.STILL, by=who, process=process)
            today = (await calendar_of(session, who, process)).today(services.now())
    except Declined as refusal:
        await _show_what_is_so(slack, services, about, refusal)
        return
    await _open(slack, services, still_accepted_modal(risk, review_on=today + USUAL, about=about))


async def on_add_clicked(slack: AsyncArgs, services: Services) -> None:
    """Accept a risk was pressed in an incident's register."""
    about, who = _about(slack), slack.body["user"]["id"]
    async with services.read() as session:
        incident = await see_incident(session, about.number, who, asked_in=about.asked_in)
        today = (await calendar_of(session, who, services.process)).today(services.now())
    await _open(slack, services, risk_modal(incident, title="", owner=who, review_on=today + USUAL, about=about))


def _about(slack: AsyncArgs) -> AboutQuestion:
    return about_button(slack.body, register=kept_of(slack.body))


def _request(slack: AsyncArgs, services: Services, about: AboutQuestion) -> dict[str, Any]:
    return {**ask_of_button(slack, services).request(), "asked_in": about.asked_in}


async def _settle(
    slack: AsyncArgs,
    services: Services,
    about: AboutQuestion,
    workflow: Callable[..., Awaitable[AcceptedRisk]],
    command: RiskCommand,
) -> None:
    """Do it; what the button stood in shows what is now true."""
    try:
        async with services.transaction() as session:
            await workflow(session, command, process=services.process, now=services.now())
            await owe_message_anew(session, about, now=services.now())
    except Declined as refusal:
        await _show_what_is_so(slack, services, about, refusal)
        return
    await redraw_register(slack, services)
    await slack.ack()


async def _show_what_is_so(slack: AsyncArgs, services: Services, about: AboutQuestion, refusal: Declined) -> None:
    """Say privately why it was declined: beside the message, or above the register."""
    async with services.transaction() as session:
        await owe_message_anew(session, about, now=services.now())
    if about.register is None:
        raise refusal
    await redraw_register(slack, services, notice=str(refusal))
    await slack.ack()


async def _open(slack: AsyncArgs, services: Services, view: View) -> None:
    """Open a form; on top of the register where the button stands in it."""
    method = "views.push" if (slack.body.get("view") or {}).get("type") == "modal" else "views.open"
    await services.slack.call(method, trigger_id=slack.body["trigger_id"], view=view.to_dict())
    await slack.ack()
