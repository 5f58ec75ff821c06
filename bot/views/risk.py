"""The forms of accepted risks: accept one, and accept it for longer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.parts import section, small
from bot.blocks.text import escape
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_question import AboutQuestion, about_form, form_request, owe_message_anew
from bot.views.form import WORDS_LIMIT, Answers, day, form, person, words
from bot.views.risks import redraw_register_below
from storage.tables import AcceptedRisk, Incident
from workflows.check_commands import AcceptRisk, Review, ReviewRisk
from workflows.check_errors import WrongReviewDate
from workflows.item_fields import TITLE_LIMIT
from workflows.risks import accept_risk, review_risk

CANNOT = "look after a risk"


def risk_modal(incident: Incident, *, title: str, owner: str, review_on: date, about: AboutQuestion) -> View:
    """The form for a new one."""
    blocks: list[Block] = [
        words(ids.TITLE, "Which risk?", value=title, limit=TITLE_LIMIT, multiline=False, focus=not title),
        words(
            ids.WHY,
            "Why is it accepted?",
            limit=WORDS_LIMIT,
            focus=bool(title),
            hint="What it would cost to be rid of it, and what would happen if it came to pass.",
        ),
        person(ids.OWNER, "Who looks after it?", chosen=owner, hint="They are asked about it on its day."),
        day(ids.REVIEW_ON, "When is it looked at again?", chosen=review_on, hint="Within a year."),
        small("Whoever is accountable for the incident’s severity is asked to sign for it, or else its lead."),
    ]
    return form(
        f"A risk of {incident.ref}",
        callback_id=ids.RISK_MODAL,
        submit="Accept it",
        blocks=blocks,
        private_metadata=about.to_text(),
    )


def still_accepted_modal(risk: AcceptedRisk, *, review_on: date, about: AboutQuestion) -> View:
    """The form to accept it for longer."""
    blocks: list[Block] = [
        section(f"*Risk {risk.number}* {escape(risk.title)}"),
        day(ids.REVIEW_ON, "When is it looked at again?", chosen=review_on, hint="Within a year."),
        words(ids.WHY, "Why is it still accepted?", limit=WORDS_LIMIT, optional=True),
    ]
    return form(
        "Still accepted",
        callback_id=ids.STILL_ACCEPTED_MODAL,
        submit="Accept it",
        blocks=blocks,
        private_metadata=about.to_text(),
    )


def parse_accept_risk(body: Mapping[str, Any]) -> AcceptRisk:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, about = Answers(body["view"]), about_form(body)
    title, why = " ".join(answers.text(ids.TITLE).split()), answers.text(ids.WHY)
    owner, review_on = answers.person(ids.OWNER), answers.day(ids.REVIEW_ON)
    if not title or not why or owner is None or review_on is None:
        faults = {
            ids.TITLE: "" if title else "Say in a few words which risk it is.",
            ids.WHY: "" if why else "Say why it is accepted, so that it can be judged later.",
            ids.OWNER: "" if owner else "Choose the one person who looks after it.",
            ids.REVIEW_ON: "" if review_on else "Choose the day on which it is looked at again.",
        }
        raise InvalidInput({field: sentence for field, sentence in faults.items() if sentence})
    request = form_request(body, about)
    return AcceptRisk(**request, incident_id=about.number, title=title, why=why, owner=owner, review_on=review_on)


def parse_still_accepted(body: Mapping[str, Any]) -> ReviewRisk:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, about = Answers(body["view"]), about_form(body)
    review_on = answers.day(ids.REVIEW_ON)
    if review_on is None:
        raise InvalidInput({ids.REVIEW_ON: "Choose the day on which it is looked at again."})
    request = form_request(body, about)
    why = answers.text(ids.WHY)
    return ReviewRisk(**request, risk_id=about.number, answer=Review.STILL, review_on=review_on, why=why)


async def on_risk_submitted(slack: AsyncArgs, services: Services) -> None:
    """A risk is accepted; a register below the form shows it."""
    command = parse_accept_risk(slack.body)
    await services.refuse_ourselves(command.owner, cannot=CANNOT)
    try:
        async with services.transaction() as session:
            await accept_risk(session, command, process=services.process, now=services.now())
    except WrongReviewDate as refusal:
        raise InvalidInput({ids.REVIEW_ON: str(refusal)}) from None
    await slack.ack()
    await redraw_register_below(services, slack.body, about_form(slack.body).register)


async def on_still_accepted_submitted(slack: AsyncArgs, services: Services) -> None:
    """It is accepted for longer."""
    command, about, now = parse_still_accepted(slack.body), about_form(slack.body), services.now()
    try:
        async with services.transaction() as session:
            await review_risk(session, command, process=services.process, now=now)
            await owe_message_anew(session, about, now=now)
    except WrongReviewDate as refusal:
        raise InvalidInput({ids.REVIEW_ON: str(refusal)}) from None
    await slack.ack()
    await redraw_register_below(services, slack.body, about.register)
