"""What was filled in at the form of an action item: a new item, or what was changed of one."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import ActionsBlock
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.item_buttons import press
from bot.blocks.items import item_title
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, first_answers, message, view_request
from bot.views.items import redraw_below
from storage.tables import ActionItem, Aim, Horizon, ItemKind, Proposal, Source
from workflows.action_items import add_action_item, change_item
from workflows.commands import AddActionItem, AssignItem, ChangeItem
from workflows.item_errors import AlreadySo
from workflows.item_owners import assign_item
from workflows.vague import question_about

CANNOT = "own an action item"

Read = Callable[[Answers], Any]


@dataclass(frozen=True)
class Edited:
    """What somebody has changed of an item: its fields, and whose it is to be."""

    change: ChangeItem
    assign: AssignItem | None


def parse_item(body: Mapping[str, Any]) -> AddActionItem | Edited:
    """The submitted form as a command; of an item that is edited only what its editor has changed.

    Raises InvalidInput.
    """
    now, kept = Answers(body["view"]), json.loads(body["view"]["private_metadata"])
    request: Mapping[str, Any] = view_request(body)
    values = {name: read(now) for name, read in _READ.items()}
    _refuse_gaps(values, owner=now.person(ids.OWNER))
    if kept["item"] is not None:
        return _edited(body, kept, values)
    return AddActionItem(
        **request,
        incident_id=kept["incident_id"],
        asked_in=kept["asked_in"],
        owner=now.person(ids.OWNER),
        source=Source(kept["source"]),
        source_ref=kept["source_ref"],
        follows=kept["follows"],
        **values,
    )


def _edited(body: Mapping[str, Any], kept: Mapping[str, Any], values: Mapping[str, Any]) -> Edited:
    now, before = Answers(body["view"]), first_answers(body["view"])
    about: Mapping[str, Any] = {"item_id": kept["item"], "asked_in": kept["asked_in"]}
    request: Mapping[str, Any] = view_request(body)
    changes = {name: value for name, value in values.items() if value != _READ[name](before)}
    to = now.person(ids.OWNER)
    if not to or to == before.person(ids.OWNER):
        return Edited(ChangeItem(**request, **about, changes=changes), None)
    request_id = f"{request['request_id']}/owner"
    return Edited(
        ChangeItem(**request, **about, changes=changes),
        AssignItem(by=request["by"], request_id=request_id, **about, to=to),
    )


def _refuse_gaps(values: Mapping[str, Any], *, owner: str | None) -> None:
    faults = {}
    if not values["title"]:
        faults[ids.TITLE] = "Say in a few words what is to be done."
    if not owner:
        faults[ids.OWNER] = "Choose the one person who does it."
    if values["horizon"] is Horizon.AFTER and values["due_on"] is None:
        faults[ids.DUE_ON] = "Say until when; only work for now needs no day."
    if faults:
        raise InvalidInput(faults)


def _words(block_id: str) -> Read:
    return lambda answers: answers.text(block_id)


def _number(block_id: str) -> Read:
    return lambda answers: int(answers.chosen(block_id) or 0) or None


def _one_of(sort: type[StrEnum], block_id: str, usual: StrEnum | None = None) -> Read:
    return lambda answers: sort(chosen) if (chosen := answers.chosen(block_id)) else usual


_READ: dict[str, Read] = {
    ids.TITLE: lambda answers: " ".join(answers.text(ids.TITLE).split()),
    ids.WHY: _words(ids.WHY),
    ids.DUE_ON: lambda answers: answers.day(ids.DUE_ON),
    ids.HORIZON: _one_of(Horizon, ids.HORIZON, Horizon.AFTER),
    ids.AIM: _one_of(Aim, ids.AIM),
    ids.KIND: _one_of(ItemKind, ids.KIND, ItemKind.OTHER),
    ids.PROPOSAL: _one_of(Proposal, ids.PROPOSAL),
    ids.IMPACT: _number(ids.IMPACT),
    ids.FEASIBILITY: _number(ids.FEASIBILITY),
    ids.PRIORITY: _number(ids.PRIORITY),
    ids.PRIORITY_REASON: _words(ids.PRIORITY_REASON),
    ids.LINKS: lambda answers: tuple(dict.fromkeys(answers.text(ids.LINKS).split())),
    ids.SUCCESS_MEASURE: _words(ids.SUCCESS_MEASURE),
    ids.VENDOR_CONTACT: _words(ids.VENDOR_CONTACT),
    ids.THEME: _number(ids.THEME),
}
"""How each field is read; it has the name of the item's."""


async def on_item_submitted(slack: AsyncArgs, services: Services) -> None:
    """The form was submitted: what stands below it is drawn anew, and a vague title is questioned."""
    asked = parse_item(slack.body)
    item = await _save(services, asked)
    question = question_about(item.title) if isinstance(asked, AddActionItem) and not item.success_measure else None
    if question:
        await slack.ack(response_action="update", view=_questioned(item, question).to_dict())
    else:
        await slack.ack()
    kept = json.loads(slack.body["view"]["private_metadata"])
    await redraw_below(services, slack.body, kept["below"])


async def _save(services: Services, asked: AddActionItem | Edited) -> ActionItem:
    process, now = services.process, services.now()
    if isinstance(asked, AddActionItem):
        await services.refuse_ourselves(asked.owner, cannot=CANNOT)
        async with services.transaction() as session:
            return await add_action_item(session, asked, process=process, now=now)
    await services.refuse_ourselves(asked.assign.to if asked.assign else None, cannot=CANNOT)
    async with services.transaction() as session:
        if asked.assign:
            with suppress(AlreadySo):  # somebody else has given it to the same person meanwhile
                await assign_item(session, asked.assign, process=process, now=now)
        return await change_item(session, asked.change, process=process, now=now)


def _questioned(item: ActionItem, question: str) -> View:
    """What there is now, and what nobody could tell from it."""
    view = message("Added", f"{item_title(item)} is added.\n{question}")
    view.blocks = [*(view.blocks or []), ActionsBlock(elements=[press("Edit", ids.EDIT_ITEM, item)])]
    return view
