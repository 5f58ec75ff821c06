"""The form of an action item: what is to be done, by whom, until when; the same to add one and to edit it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.views.form import day, form, person, words
from storage.tables import ActionItem, Aim, Horizon, Incident, ItemKind, Proposal, Source, Theme

TITLE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the form begins with; `source`, `source_ref` and `follows` go with a new item."""

    title: str = ""
    why: str = ""
    owner: str | None = None
    due_on: date | None = None
    horizon: Horizon = Horizon.AFTER
    aim: Aim | None = None
    kind: ItemKind = ItemKind.OTHER
    proposal: Proposal | None = None
    impact: int | None = None
    feasibility: int | None = None
    priority: int | None = None
    priority_reason: str = ""
    links: tuple[str, ...] = ()
    success_measure: str = ""
    vendor_contact: str = ""
    theme_id: int | None = None
    source: Source = Source.FORM
    source_ref: str | None = None
    follows: int | None = None


def item_form(
    incident: Incident,
    draft: Draft,
    *,
    item: ActionItem | None = None,
    asked_in: str | None = None,
    themes: Sequence[Theme] = (),
) -> View:
    """The form for a new action item of the incident, or for this one as `draft` has it."""
    kept = {
        "incident_id": incident.number,
        "asked_in": asked_in,
        "item": item.number if item else None,
        "source": draft.source,
        "source_ref": draft.source_ref,
        "follows": draft.follows,
    }
    return form(
        f"Edit {item.ref}" if item else f"Work for {incident.ref}",
        callback_id=ids.ITEM_MODAL,
        submit="Save" if item else "Add",
        blocks=list(_fields(draft)),
        private_metadata=json.dumps(kept),
    )


def _fields(draft: Draft) -> Iterator[Block]:
    yield words(ids.TITLE, "What is to be done?", value=draft.title, limit=TITLE_LIMIT, multiline=False, focus=True)
    yield person(ids.OWNER, "Who does it?", chosen=draft.owner)
    yield day(ids.DUE_ON, "Until when?", chosen=draft.due_on, optional=draft.horizon is Horizon.NOW)
