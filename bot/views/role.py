"""The two role forms: take one that nobody holds, or give one to somebody or to nobody."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import mention, prose
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, message, option, person
from workflows.commands import AssignRole, ClaimRole, ReleaseRole
from workflows.process import Process
from workflows.roles import assign_role, claim_role, doubled, release_role
from workflows.situation import Situation, situation_of

CHOOSE_ROLE = "Choose a role."


def take_role_modal(situation: Situation, *, process: Process, asked_in: str | None) -> View:
    """The form: the roles nobody holds, and who holds the others. Where none is vacant, the form to hand one over."""
    vacant = [key for key in process.roles if key not in situation.roles]
    if not vacant:
        return give_role_modal(situation, process=process, asked_in=asked_in)
    blocks: list[Block] = [
        choice(ids.ROLE, "Role", [_role_option(process, key) for key in vacant], chosen=vacant[0]),
    ]
    if situation.roles:
        blocks.append(_holders(situation, process))
    return form(
        "Take a role",
        callback_id=ids.TAKE_ROLE_MODAL,
        submit="I take it",
        blocks=blocks,
        private_metadata=Remembered(situation.incident.number, asked_in).to_text(),
    )


def give_role_modal(
    situation: Situation, *, process: Process, asked_in: str | None, role: str | None = None, to: str | None = None
) -> View:
    """The form: a role, and who is to hold it from now on."""
    options = [_role_option(process, key) for key in process.roles]
    blocks: list[Block] = [
        choice(ids.ROLE, "Role", options, chosen=role or next(iter(process.roles))),
        person(ids.PERSON, "Who holds it from now on?", chosen=to, hint="Leave it empty for nobody.", optional=True),
    ]
    if situation.roles:
        blocks.append(_holders(situation, process))
    return form(
        "Hand over a role",
        callback_id=ids.GIVE_ROLE_MODAL,
        submit="Hand over",
        blocks=blocks,
        private_metadata=Remembered(situation.incident.number, asked_in).to_text(),
    )


def _role_option(process: Process, key: str) -> Any:
    return option(key, process.roles[key].name, process.roles[key].duties)


def _holders(situation: Situation, process: Process) -> Block:
    held = [f"{process.role_name(role)}: {mention(user_id)}" for role, user_id in situation.roles.items()]
    return ContextBlock(elements=[MarkdownTextObject(text="Held now: " + " · ".join(held))])


def parse_claim_role(body: Mapping[str, Any]) -> ClaimRole:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    role = Answers(body["view"]).chosen(ids.ROLE)
    if not role:
        raise InvalidInput({ids.ROLE: CHOOSE_ROLE})
    return ClaimRole(**incident_request(body), role=role)


def parse_assign_role(body: Mapping[str, Any]) -> AssignRole | ReleaseRole:
    """The submitted form as a command; without a person the role is for nobody.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    role, to = answers.chosen(ids.ROLE), answers.person(ids.PERSON)
    if not role:
        raise InvalidInput({ids.ROLE: CHOOSE_ROLE})
    asked = incident_request(body)
    return AssignRole(**asked, role=role, to=to) if to else ReleaseRole(**asked, role=role)


async def on_take_role_submitted(slack: AsyncArgs, services: Services) -> None:
    """Somebody takes a role."""
    command = parse_claim_role(slack.body)
    async with services.transaction() as session:
        incident = await claim_role(session, command, process=services.process, now=services.now())
        warning = doubled(await situation_of(session, incident), services.process)
    await _acknowledge(slack, warning)


async def on_give_role_submitted(slack: AsyncArgs, services: Services) -> None:
    """Somebody hands over a role, or lets go of it."""
    command = parse_assign_role(slack.body)
    await services.refuse_ourselves(command.to if isinstance(command, AssignRole) else None)
    async with services.transaction() as session:
        if isinstance(command, AssignRole):
            incident = await assign_role(session, command, process=services.process, now=services.now())
        else:
            incident = await release_role(session, command, process=services.process, now=services.now())
        warning = doubled(await situation_of(session, incident), services.process)
    await _acknowledge(slack, warning)


async def _acknowledge(slack: AsyncArgs, warning: str) -> None:
    """It is done; the form closes, or shows what its submitter should think of."""
    if warning:
        await slack.ack(response_action="update", view=message("Role", prose(warning)).to_dict())
    else:
        await slack.ack()
