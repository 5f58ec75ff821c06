"""The form of an action item: what is to be done, by whom, until when; the same to add one and to edit it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.parts import section
from bot.blocks.text import prose
from bot.views.form import choice, day, form, option, person, words
from storage.tables import ActionItem, Aim, Horizon, Incident, ItemKind, Proposal, Source, Theme
from storage.tables.columns import JsonObject
from workflows.item_fields import SHORT_LIMIT, TITLE_LIMIT, WORDS_LIMIT

MOST_OPTIONS = 100
"""Of a menu (Block Kit: static_select)."""

HORIZONS = {
    Horizon.AFTER: ("Afterwards", "So that it does not happen again; it is reminded of"),
    Horizon.NOW: ("Now", "A task of the response; it needs no day"),
}
AIMS = {Aim.PREVENT: "Prevent", Aim.DETECT: "Detect sooner", Aim.MITIGATE: "Lessen the harm", Aim.PROCESS: "Process"}
KINDS = {
    ItemKind.CODE: "Code",
    ItemKind.MONITORING: "Monitoring",
    ItemKind.PROCEDURE: "Procedure",
    ItemKind.TRAINING: "Training",
    ItemKind.SPEC: "Spec",
    ItemKind.DOCUMENTATION: "Documentation",
    ItemKind.VENDOR: "Vendor",
    ItemKind.CONTROL: "Control",
    ItemKind.INVESTMENT: "Investment",
    ItemKind.OTHER: "Other",
}
PROPOSALS = {
    Proposal.WORKFLOW: "The workflow of incidents",
    Proposal.ESCALATION: "An escalation path",
    Proposal.TOOL: "A tool",
}
IMPACTS = ("1 · hardly any", "2", "3", "4", "5 · it would not happen again")
FEASIBILITIES = ("1 · hard", "2", "3", "4", "5 · easy")


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


def draft_of(item: ActionItem) -> Draft:
    """An item as it stands now."""
    return Draft(
        title=item.title,
        why=item.why,
        owner=item.owner,
        due_on=item.due_on,
        horizon=item.horizon,
        aim=item.aim,
        kind=item.kind,
        proposal=item.proposal,
        impact=item.impact,
        feasibility=item.feasibility,
        priority=item.priority,
        priority_reason=item.priority_reason or "",
        links=tuple(item.links),
        success_measure=item.success_measure,
        vendor_contact=item.vendor_contact,
        theme_id=item.theme_id,
    )


def item_form(
    incident: Incident,
    draft: Draft,
    *,
    item: ActionItem | None = None,
    asked_in: str | None = None,
    themes: Sequence[Theme] = (),
    below: JsonObject | None = None,
    notice: str = "",
) -> View:
    """The form for a new action item of the incident, or for this one.

    `below` is what is kept of the view it stands on, and `notice` is said at the top: why it is open.
    """
    kept = {
        "incident_id": incident.number,
        "asked_in": asked_in,
        "item": item.number if item else None,
        "source": draft.source,
        "source_ref": draft.source_ref,
        "follows": draft.follows,
        "below": below,
    }
    return form(
        f"Edit {item.ref}" if item else f"Work for {incident.ref}",
        callback_id=ids.ITEM_MODAL,
        submit="Save" if item else "Add",
        blocks=[
            *([section(prose(notice))] if notice else []),
            *_first_fields(draft),
            *_what_it_is(draft),
            *_what_it_counts(draft, is_edited=item is not None),
            *_further_fields(draft, themes),
        ],
        private_metadata=json.dumps(kept),
    )


def _first_fields(draft: Draft) -> Iterator[Block]:
    """All that is needed at three in the morning."""
    yield words(
        ids.TITLE,
        "What is to be done?",
        value=draft.title,
        limit=TITLE_LIMIT,
        multiline=False,
        focus=True,
        hint="Begin with a verb: “Alert on refused cards”.",
    )
    yield person(ids.OWNER, "Who does it?", chosen=draft.owner, hint="One person.")
    yield day(ids.DUE_ON, "Until when?", chosen=draft.due_on, optional=True, hint="Needed unless it is for now.")
    options = [option(horizon, *texts) for horizon, texts in HORIZONS.items()]
    yield choice(ids.HORIZON, "For when is the work?", options, chosen=draft.horizon)


def _what_it_is(draft: Draft) -> Iterator[Block]:
    yield words(ids.WHY, "What and why", value=draft.why, limit=WORDS_LIMIT, optional=True)
    yield words(
        ids.SUCCESS_MEASURE,
        "How will we see that it worked?",
        value=draft.success_measure,
        limit=WORDS_LIMIT,
        optional=True,
        hint="This is asked again some time after it is done.",
    )
    yield words(ids.LINKS, "Links", value=_as_lines(draft.links), limit=WORDS_LIMIT, optional=True, hint="One a line.")
    yield choice(ids.KIND, "What sort of work is it?", _named(KINDS), chosen=draft.kind)
    yield choice(ids.AIM, "What is it to achieve?", _named(AIMS), chosen=draft.aim, optional=True)


def _what_it_counts(draft: Draft, *, is_edited: bool) -> Iterator[Block]:
    """The list is ordered by impact times feasibility, or by what takes the product's place."""
    chosen = {name: str(value) if value else None for name, value in vars(draft).items()}
    yield choice(ids.IMPACT, "Impact", _steps(IMPACTS), chosen=chosen["impact"], optional=True)
    yield choice(ids.FEASIBILITY, "Feasibility", _steps(FEASIBILITIES), chosen=chosen["feasibility"], optional=True)
    if not is_edited:
        return
    ranks = [option(str(rank), str(rank)) for rank in range(25, 0, -1)]
    hint = "In place of impact times feasibility; 25 comes first."
    yield choice(ids.PRIORITY, "Priority", ranks, chosen=chosen["priority"], optional=True, hint=hint)
    yield _short(ids.PRIORITY_REASON, "Why this priority?", draft.priority_reason)


def _further_fields(draft: Draft, themes: Sequence[Theme]) -> Iterator[Block]:
    yield _short(ids.VENDOR_CONTACT, "Contact at the vendor", draft.vendor_contact, hint="For work that a vendor does.")
    proposals = _named(PROPOSALS)
    label = "Does it propose a change to how we work?"
    yield choice(ids.PROPOSAL, label, proposals, chosen=draft.proposal, optional=True)
    if themes:
        options = [option(str(theme.number), theme.name) for theme in themes[:MOST_OPTIONS]]
        chosen = str(draft.theme_id) if draft.theme_id else None
        yield choice(ids.THEME, "Theme", options, chosen=chosen, optional=True)


def _short(block_id: str, label: str, value: str, *, hint: str = "") -> Block:
    return words(block_id, label, value=value, limit=SHORT_LIMIT, multiline=False, optional=True, hint=hint)


def _as_lines(links: Sequence[str]) -> str:
    """As many links as fit; half a link is none."""
    lines: list[str] = []
    for link in links:
        if len("\n".join([*lines, link])) <= WORDS_LIMIT:
            lines.append(link)
    return "\n".join(lines)


def _named(names: Mapping[Any, str]) -> list[Option]:
    return [option(key, name) for key, name in names.items()]


def _steps(names: Sequence[str]) -> list[Option]:
    return [option(str(step), name) for step, name in enumerate(names, start=1)]
