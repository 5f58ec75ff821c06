"""The buttons of what we ask: some do it there and then, the others open the form that does."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.text import prose
from bot.commands.ask import Ask, ask_of_button
from bot.commands.verbs import ABOUT_ONE
from bot.services import Services
from bot.views.public import public_modal
from bot.views.question import answer_modal, refuse_modal
from storage.prompts import find_prompt
from storage.tables import Incident, Prompt, PromptKind
from workflows.access import see_incident
from workflows.answers import answer_prompt, refuse_if_over
from workflows.commands import AnswerPrompt
from workflows.errors import PromptUnknown
from workflows.roles import doubled
from workflows.situation import situation_of


async def on_prompt_pressed(slack: AsyncArgs, services: Services) -> None:
    """A button under a question of ours was pressed; the question itself then says what became of it."""
    ask = ask_of_button(slack, services)
    action = slack.body["actions"][0]
    choice = action["action_id"].partition(":")[2]
    if choice in _FORMS:
        await _open(ask, choice, key=action["value"])
        return
    command = AnswerPrompt(**ask.request(), prompt=action["value"], choice=choice, asked_in=ask.channel_id)
    async with services.transaction() as session:
        incident = await answer_prompt(session, command, process=services.process, now=services.now())
        warning = doubled(await situation_of(session, incident), services.process) if choice == "lead" else ""
    if warning:
        await ask.answer(f":information_source: {prose(warning)}")
    else:
        await ask.done()


async def _open(ask: Ask, choice: str, *, key: str) -> None:
    """Open a choice's form; what it does is the answer.

    Raises PromptOver, PromptUnknown, IncidentNotFound.
    """
    async with ask.services.read() as session:
        prompt = await find_prompt(session, key)
        if prompt is None:
            raise PromptUnknown
        incident = await see_incident(session, prompt.incident_id, ask.user_id, asked_in=ask.channel_id)
        refuse_if_over(incident, prompt)
    await _FORMS[choice](ask, incident, prompt)


def _as_if_typed(verb: str) -> Callable[[Ask, Incident, Prompt], Awaitable[None]]:
    """A button does what its verb does without words."""

    async def open_form(ask: Ask, incident: Incident, _: Prompt) -> None:
        await ABOUT_ONE[verb](ask, incident)

    return open_form


async def _edit(ask: Ask, incident: Incident, prompt: Prompt) -> None:
    """The form in which the words of a draft can be changed; sending them overtakes it."""
    if prompt.kind is PromptKind.PUBLIC_DRAFT:
        process, draft = ask.services.process, prompt.data
        await ask.open(
            public_modal(incident, process=process, asked_in=ask.channel_id, stage=draft["stage"], text=draft["text"])
        )
        return
    await ABOUT_ONE["update"](replace(ask, words=prompt.data["words"]), incident)


async def _answer(ask: Ask, incident: Incident, prompt: Prompt) -> None:
    """The form for the answer to a question that somebody asked."""
    await ask.open(answer_modal(incident, prompt.data, asked_in=ask.channel_id))


async def _cannot(ask: Ask, incident: Incident, prompt: Prompt) -> None:
    """The form for why there is no answer."""
    await ask.open(refuse_modal(incident, prompt.data, asked_in=ask.channel_id))


_FORMS: dict[str, Callable[[Ask, Incident, Prompt], Awaitable[None]]] = {
    "update": _as_if_typed("update"),
    "resolve": _as_if_typed("resolve"),
    "decline": _as_if_typed("decline"),
    "merge": _as_if_typed("merge"),
    "give": _as_if_typed("lead"),
    "fill_in": _as_if_typed("facts"),
    "write": _as_if_typed("public"),
    "edit": _edit,
    "answer": _answer,
    "cannot": _cannot,
}
"""What opens a form, by the key of its choice."""
