"""The form for an item that has worked in part or not at all: what else it did, and what is next."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, CheckboxesElement
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.items import item_title
from bot.blocks.parts import section
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.about_question import AboutQuestion, about_form, form_request, owe_message_anew
from bot.views.form import Answers, field, form, option, words
from storage.tables import ActionItem
from storage.tables.columns import JsonObject
from workflows.check_commands import AnswerCheck, Effect
from workflows.checks import answer_check, what_instead
from workflows.item_fields import TITLE_LIMIT

SIDE_EFFECTS_LIMIT = 1000
_FORMS = {Effect.PARTLY: ids.CHECK_PARTLY_MODAL, Effect.NOT: ids.CHECK_NOT_MODAL}
_ANSWERS = {callback_id: answer for answer, callback_id in _FORMS.items()}


def check_modal(item: ActionItem, found: JsonObject, about: AboutQuestion, *, answer: Effect) -> View:
    """The form, with incidents that look alike to choose from; what has not worked is always gone on with."""
    has_failed = answer is Effect.NOT
    blocks: list[Block] = [
        section(item_title(item)),
        words(
            ids.SIDE_EFFECTS,
            "Side effects",
            limit=SIDE_EFFECTS_LIMIT,
            optional=True,
            hint="What else has changed with it, for better or worse.",
        ),
        *_similar(found),
        words(
            ids.NEXT_STEP,
            "What is to be done next?",
            value=what_instead(item) if has_failed else "",
            limit=TITLE_LIMIT,
            multiline=False,
            optional=not has_failed,
            hint="It becomes an action item that goes on with this one; its owner stays the same.",
        ),
    ]
    return form(
        "It has not worked" if has_failed else "It has worked in part",
        callback_id=_FORMS[answer],
        submit="Answer",
        blocks=blocks,
        private_metadata=about.to_text(),
    )


def _similar(found: JsonObject) -> list[Block]:
    options = [option(str(one["incident"]), f"INC-{one['incident']} · {one['title']}") for one in found["similar"]]
    if not options:
        return []
    element = CheckboxesElement(action_id=ids.VALUE, options=options)
    return [
        field(
            ids.SIMILAR, "Did it happen again?", element, optional=True, hint="Choose those it should have kept away."
        )
    ]


def parse_answer_check(body: Mapping[str, Any]) -> AnswerCheck:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, about = Answers(body["view"]), about_form(body)
    answer, next_step = _ANSWERS[body["view"]["callback_id"]], " ".join(answers.text(ids.NEXT_STEP).split())
    if answer is Effect.NOT and not next_step:
        raise InvalidInput({ids.NEXT_STEP: "Say what is to be done instead; a few words are enough."})
    return AnswerCheck(
        **form_request(body, about),
        check_id=about.number,
        answer=answer,
        side_effects=answers.text(ids.SIDE_EFFECTS),
        similar=tuple(int(number) for number in answers.all_chosen(ids.SIMILAR)),
        next_step=next_step,
    )


async def on_check_submitted(slack: AsyncArgs, services: Services) -> None:
    """It was said how it has worked."""
    command, about, now = parse_answer_check(slack.body), about_form(slack.body), services.now()
    async with services.transaction() as session:
        await answer_check(session, command, process=services.process, now=now)
        await owe_message_anew(session, about, now=now)
    await slack.ack()
