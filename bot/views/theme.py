"""The form of a theme: what it is called, what it is for, who cares for it, and whether it is over."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, choice, form, option, person, view_request, words
from storage.tables import Theme
from workflows.themes import SaveTheme, save_theme

NAME_LIMIT, AIM_LIMIT = 75, 300
"""A name fits into a line of a menu, where items are put into a theme."""
GOES_ON, OVER = "goes_on", "over"


def theme_modal(theme: Theme | None, *, owner: str, name: str = "") -> View:
    """The form of this theme, or of a new one with this name and owner."""
    blocks: list[Block] = [
        words(
            ids.TITLE,
            "Name",
            value=theme.name if theme else name,
            limit=NAME_LIMIT,
            multiline=False,
            focus=True,
            hint="Everybody can read it, so name nothing that is private.",
        ),
        words(ids.DESCRIPTION, "What is it to achieve?", value=theme.aim if theme else "", limit=AIM_LIMIT),
        person(ids.PERSON, "Who cares for it?", chosen=theme.owner if theme else owner),
    ]
    if theme is not None:
        states = [option(GOES_ON, "It goes on"), option(OVER, "It is over", "Its items stay as they are")]
        blocks.append(choice(ids.STATE, "How does it stand?", states, chosen=OVER if theme.closed_at else GOES_ON))
    return form(
        "Theme",
        callback_id=ids.THEME_MODAL,
        submit="Save",
        blocks=blocks,
        private_metadata=str(theme.number) if theme else "",
    )


def parse_save_theme(body: Mapping[str, Any]) -> SaveTheme:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, number = Answers(body["view"]), body["view"]["private_metadata"]
    name, owner = " ".join(answers.text(ids.TITLE).split()), answers.person(ids.PERSON)
    faults = {}
    if not name:
        faults[ids.TITLE] = "Give it a name."
    if owner is None:
        faults[ids.PERSON] = "Choose who cares for it."
    if owner is None or faults:
        raise InvalidInput(faults)
    return SaveTheme(
        **view_request(body),
        name=name,
        aim=answers.text(ids.DESCRIPTION),
        owner=owner,
        theme_id=int(number) if number else None,
        closed=answers.chosen(ids.STATE) == OVER,
    )


async def on_theme_submitted(slack: AsyncArgs, services: Services) -> None:
    """The form was submitted."""
    command = parse_save_theme(slack.body)
    await services.refuse_ourselves(command.owner, cannot="care for a theme")
    async with services.transaction() as session:
        await save_theme(session, command, now=services.now())
    await slack.ack()
