"""How each prompt can be answered: what its buttons say, and which words of a reply mean the same. No I/O."""

import re
from dataclasses import dataclass

from storage.tables import PromptKind


@dataclass(frozen=True)
class Choice:
    """One way to answer."""

    key: str
    label: str
    words: tuple[str, ...] = ()
    """What means it in a reply, in small letters and without punctuation."""
    opens_form: bool = False
    """It needs more than a press: a form asks for it, and what the form does answers the prompt."""
    is_main: bool = False
    ends: bool = True
    """After it the question is not asked any more."""


POST_UPDATE = Choice("update", "Post update", ("update", "post update"), opens_form=True, is_main=True)
RESOLVE = Choice("resolve", "Resolve", ("resolve", "resolved", "resolve it", "it is resolved"), opens_form=True)
_UPDATE = (
    POST_UPDATE,
    Choice("later", "15 minutes more", ("15 minutes more", "15 more minutes", "15 more", "later")),
    Choice("nothing_new", "Nothing new: say so", ("nothing new", "nothing new say so")),
)
_I_LEAD = ("me", "i", "i do", "i lead", "i will", "i will lead", "ill lead", "i take it", "ill take it", "i can lead")
_PUBLIC = (Choice("write", "Write it", opens_form=True, is_main=True),)
_QUESTION = (
    Choice("answer", "Answer", opens_form=True, is_main=True),
    Choice("on_it", "I’m on it", ends=False),
    Choice("cannot", "Can’t", opens_form=True),
)

CHOICES: dict[PromptKind, tuple[Choice, ...]] = {
    PromptKind.UPDATE_SOON: _UPDATE,
    PromptKind.UPDATE_DUE: _UPDATE,
    PromptKind.UPDATE_OVERDUE: _UPDATE,
    PromptKind.UPDATE_ESCALATED: _UPDATE,
    PromptKind.DRAFT: (
        Choice("publish", "Publish", ("publish", "publish it", "yes", "ok", "send", "send it"), is_main=True),
        Choice("edit", "Edit", opens_form=True),
    ),
    PromptKind.NO_LEAD: (
        Choice("lead", "I lead", _I_LEAD, is_main=True),
        Choice("give", "Give it to…", opens_form=True),
    ),
    PromptKind.FACTS: (
        Choice("fill_in", "Fill in", opens_form=True, is_main=True),
        Choice("not_now", "Not now", ("not now", "later", "no")),
    ),
    PromptKind.TRIAGE: (
        Choice("confirm", "Confirm", ("confirm", "confirmed", "yes", "it is real", "its real", "real"), is_main=True),
        Choice("decline", "Decline", ("decline", "no", "not an incident", "it is not"), opens_form=True),
        Choice("merge", "Merge", ("merge", "duplicate"), opens_form=True),
    ),
    PromptKind.WATCH: (
        RESOLVE,
        Choice(
            "keep_watching",
            "Keep watching",
            ("keep watching", "keep", "yes", "still good", "good", "all good", "still watching", "yes still good"),
        ),
        Choice("is_back", "It is back", ("it is back", "its back", "back", "no", "not good", "it came back")),
    ),
    PromptKind.SILENT: (
        POST_UPDATE,
        RESOLVE,
        Choice("still_working", "Still working", ("still working", "working", "working on it", "yes", "still on it")),
    ),
    PromptKind.QUESTION: _QUESTION,
    PromptKind.QUESTION_DUE: _QUESTION,
    PromptKind.QUESTION_UNANSWERED: _QUESTION[:1],
    PromptKind.PUBLIC_SOON: _PUBLIC,
    PromptKind.PUBLIC_DUE: _PUBLIC,
    PromptKind.PUBLIC_DRAFT: (
        Choice("approve", "Approve", ("approve", "approved", "yes", "ok"), is_main=True),
        Choice("edit", "Edit", opens_form=True),
        Choice("discard", "Discard", ("discard", "no")),
    ),
}
"""By kind, in the order of the buttons."""

UPDATES = frozenset(
    {PromptKind.UPDATE_SOON, PromptKind.UPDATE_DUE, PromptKind.UPDATE_OVERDUE, PromptKind.UPDATE_ESCALATED}
)
"""Kinds that ask for an update: a reply is a draft of one."""
QUESTIONS = frozenset({PromptKind.QUESTION, PromptKind.QUESTION_DUE, PromptKind.QUESTION_UNANSWERED})
"""Kinds that pass a person's question on: a reply of who was asked is the answer."""


def choice_of(kind: PromptKind, key: str) -> Choice | None:
    """The choice by its key."""
    return next((choice for choice in CHOICES[kind] if choice.key == key), None)


def meant_by(kind: PromptKind, text: str) -> Choice | None:
    """The choice that these words of a reply mean; nothing where they say more than that, or something else."""
    plain = " ".join(re.sub(r"[^\w\s]", "", re.sub(r":[a-z0-9_+-]+:", "", text.casefold())).split())
    return next((choice for choice in CHOICES[kind] if plain in choice.words), None)
