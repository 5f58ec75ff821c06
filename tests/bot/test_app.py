"""The app and its manifest: whatever we show has a listener, and every permission asked for is used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import ids
from bot.app import ACTIONS, EVENTS, FORMS
from bot.commands.usage import FIRST_OUTSIDE, USAGE, usages
from bot.commands.verbs import ABOUT_ONE, GENERAL
from bot.hearing import HEARD
from bot.messenger.faults import DEEDS
from bot.messenger.messenger import PERFORM
from sandbox.contract.manifest import event_scopes, load_manifest
from sandbox.contract.methods import method as method_named
from storage.tables import DeliveryKind, EntryKind, Status
from tests.bot.check_views import check_forms, check_rows
from tests.bot.item_views import item_views
from tests.bot.stakeholder_views import notice_messages, stakeholder_views
from tests.bot.test_forms import all_forms
from tests.bot.test_messages import all_messages
from tests.bot.test_timeline_view import all_timelines
from tests.bot.theme_views import theme_messages, theme_views
from tests.bot.values import UNTOLD, accepted
from tests.builders import PROCESS

ROOT = Path(__file__).parents[2]
MANIFEST = load_manifest(ROOT / "manifest.yml")

CHANNELS_WE_MEET = ("public", "private", "im")
"""Incidents' channels, the digest, and direct messages."""

NEEDED_IN: dict[str, tuple[str, ...]] = {
    "conversations.join": ("public",),  # nobody can join a private channel
    "conversations.create": ("public", "private"),
    "conversations.invite": ("public", "private"),
    "conversations.setTopic": ("public", "private"),
    "conversations.setPurpose": ("public", "private"),
    "conversations.members": ("private",),  # who is in it may see it; everybody may see the others
    "conversations.list": ("public",),
    "conversations.info": ("public", "private"),
    "conversations.open": ("im",),
    "conversations.replies": ("public", "private"),
    "users.conversations": ("public", "private"),
}
"""In which kinds of channel we call a method, where that decides about its scope and is not all of them."""

FOR_MORE_OF_AN_ANSWER = {"users:read.email"}
"""Scopes that no method needs and that add to what one answers: users.info's profile.email."""


def action_ids(value: object) -> Iterator[str]:
    """Every element that tells us when it is used: buttons, and what stands in a dispatching input."""
    if isinstance(value, list):
        for each in value:
            yield from action_ids(each)
    if isinstance(value, dict):
        menus = ("static_select", "users_select")
        if value.get("type") == "button" or (value.get("type") in menus and value["action_id"] != ids.VALUE):
            yield value["action_id"]
        if value.get("dispatch_action"):
            yield value["element"]["action_id"]
        for each in value.values():
            yield from action_ids(each)


def shown_action_ids() -> set[str]:
    """Every action_id in any message or form, in any status."""
    shown: set[str] = set()
    for status in Status:
        for message in all_messages("words", status, PROCESS):
            shown |= set(action_ids(message))
        for view in all_forms("words", status, PROCESS):
            shown |= set(action_ids(view.to_dict()))
    for view in all_timelines("words", PROCESS):
        shown |= set(action_ids(view.to_dict()))
    return shown | others_shown()


def others_shown() -> set[str]:
    """Those of messages that are about no one incident."""
    from bot.blocks.answers import fault_report, help_outside

    report = accepted(*fault_report("x", "INC-7", because="x", hint="x", number=7))
    stakeholders = [
        *(view.to_dict() for view in stakeholder_views("words", PROCESS)),
        *(view.to_dict() for view in item_views("words", PROCESS)),
        *notice_messages("words", PROCESS),
        *(view.to_dict() for view in theme_views("words")),
        *theme_messages("words"),
        *(accepted("x", blocks) for blocks in check_rows("words")),
        *(view.to_dict() for view in check_forms("words")),
    ]
    return {*action_ids([report, *stakeholders]), *action_ids(accepted(*help_outside(0, usages(FIRST_OUTSIDE))))}


def listens_to(action_id: str) -> bool:
    """Whether a listener is registered for it."""
    return any(
        re.search(known, action_id) if isinstance(known, re.Pattern) else known == action_id for known in ACTIONS
    )


def test_every_button_and_choice_has_a_listener() -> None:
    assert [action_id for action_id in shown_action_ids() if not listens_to(action_id)] == []


def test_every_listener_for_an_action_has_a_button_or_choice() -> None:
    shown = shown_action_ids()

    unused = [
        known
        for known in ACTIONS
        if not (known in shown or (isinstance(known, re.Pattern) and any(known.search(each) for each in shown)))
    ]
    assert unused == []


def test_every_id_is_spelled_once() -> None:
    values = [value for name, value in vars(ids).items() if name.isupper() and name.endswith("_MODAL")]

    assert sorted(values) == sorted(FORMS)
    assert len(set(values)) == len(values)


def test_every_verb_of_the_help_can_be_typed() -> None:
    assert USAGE.keys() == GENERAL.keys() | ABOUT_ONE.keys()


def test_every_delivery_has_somebody_who_performs_it() -> None:
    assert PERFORM.keys() == set(DeliveryKind)


def test_every_delivery_whose_failure_is_told_has_words() -> None:
    from workflows.faults import _NOBODY_IS_TOLD

    assert DEEDS.keys() == set(DeliveryKind) - _NOBODY_IS_TOLD


def test_every_kind_of_entry_has_words_or_is_told_to_nobody() -> None:
    from bot.blocks.entries import _WORDS

    assert _WORDS.keys() == set(EntryKind) - UNTOLD


def test_the_manifest_subscribes_to_the_events_we_listen_to() -> None:
    assert {event.split(".")[0] for event in MANIFEST.bot_events} == EVENTS.keys() | HEARD.keys()


def test_the_manifest_has_our_command_with_people_as_ids() -> None:
    assert set(MANIFEST.slash_commands) == {ids.COMMAND}
    assert MANIFEST.slash_commands[ids.COMMAND].should_escape
    assert MANIFEST.interactivity_enabled


def called_methods() -> set[str]:
    """Every method of Slack's that the bot's code names in a call."""
    found: set[str] = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if not path.is_relative_to(ROOT / "bot" / "demo"):
            found |= {name for name in strings_called_with(path) if method_named(name)}
    return found


def strings_called_with(path: Path) -> Iterator[str]:
    """The first argument of every call to `call`, `pages` or `api_call`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first: Any = node.args[0]
            if node.func.attr in ("call", "pages", "api_call") and isinstance(first, ast.Constant):
                yield str(first.value)


def needed_scopes() -> set[frozenset[str]]:
    """For each thing we do, the scopes any one of which lets us do it."""
    needed = {frozenset({"commands"})}
    for name in called_methods():
        method = method_named(name)
        assert method is not None
        if method.scope_mode == "any_of_by_conversation_type":
            kinds = NEEDED_IN.get(name, CHANNELS_WE_MEET)
            names = {"public": "public_channel", "private": "private_channel", "im": "im"}
            needed |= {frozenset(method.scopes_by_kind.get(names[kind], method.scopes)) for kind in kinds}
        elif method.scope_mode == "all_of":
            needed |= {frozenset({scope}) for scope in method.scopes}
        elif method.scopes:
            needed.add(frozenset(method.scopes))
    for event in EVENTS.keys() | HEARD.keys():
        needed |= {frozenset(event_scopes(event, kind)) for kind in ("public", "private")} - {frozenset()}
    return needed


def in_order() -> list[frozenset[str]]:
    """The same in the same order in every run."""
    return [frozenset(scopes) for scopes in sorted(map(sorted, needed_scopes()))]


def test_we_call_what_we_think_we_call() -> None:
    assert {"chat.postMessage", "conversations.create", "views.open", "auth.test"} <= called_methods()


@pytest.mark.parametrize("any_of", [pytest.param(scopes, id="|".join(sorted(scopes))) for scopes in in_order()])
def test_every_scope_we_need_is_in_the_manifest(any_of: frozenset[str]) -> None:
    assert MANIFEST.bot_scopes & any_of


def test_every_scope_in_the_manifest_is_needed() -> None:
    used = {scope for any_of in needed_scopes() for scope in any_of} | FOR_MORE_OF_AN_ANSWER

    assert MANIFEST.bot_scopes - used == set()
