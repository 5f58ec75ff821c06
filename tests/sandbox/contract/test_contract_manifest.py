"""App manifests: what is read from a right one, and what is said about a faulty one."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.contract.facts import facts
from sandbox.contract.manifest import Manifest, ManifestError, event_allowed, load_manifest

Json = dict[str, Any]

RIGHT = """
display_information:
  name: Duty
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: false
  bot_user:
    display_name: duty
  slash_commands:
    - command: /duty
      description: Who is on duty
      usage_hint: "[team]"
      should_escape: true
  shortcuts:
    - name: Call duty
      type: global
      callback_id: call
      description: Call whoever is on duty
oauth_config:
  scopes:
    bot: [commands, chat:write, channels:history, im:history, channels:read, metadata.message:read]
settings:
  event_subscriptions:
    bot_events: [app_home_opened, message.channels, message.im, member_joined_channel, message_metadata_posted]
    metadata_subscriptions:
      - app_id: A1
        event_type: opened
  interactivity:
    is_enabled: true
  socket_mode_enabled: true
"""


@pytest.fixture
def manifest() -> Manifest:
    return load_manifest(RIGHT)


def faults(content: Any) -> list[tuple[str, str]]:
    with pytest.raises(ManifestError) as refused:
        load_manifest(content)
    return [(fault.pointer, fault.message) for fault in refused.value.faults]


def a_manifest(**sections: Any) -> Json:
    return {"display_information": {"name": "Duty"}, **copy.deepcopy(sections)}


def test_a_manifest_tells_what_the_app_is(manifest: Manifest) -> None:
    assert (manifest.name, manifest.bot_display_name, manifest.socket_mode) == ("Duty", "duty", True)
    assert manifest.interactivity_enabled
    assert manifest.request_url is None
    assert (manifest.home_tab_enabled, manifest.messages_tab_enabled) == (True, False)
    assert manifest.metadata_subscriptions == {("A1", "opened")}
    assert "chat:write" in manifest.bot_scopes


def test_a_manifest_tells_its_commands_and_shortcuts(manifest: Manifest) -> None:
    command = manifest.slash_commands["/duty"]

    assert (command.description, command.usage_hint, command.should_escape) == ("Who is on duty", "[team]", True)
    assert [(shortcut.type, shortcut.callback_id) for shortcut in manifest.shortcuts] == [("global", "call")]


def test_a_manifest_is_read_from_a_file_a_text_or_a_mapping(tmp_path: Path, manifest: Manifest) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(RIGHT)

    assert load_manifest(file) == load_manifest(str(file)) == manifest


def test_a_manifest_may_be_json() -> None:
    assert load_manifest(json.dumps(a_manifest())).name == "Duty"


def test_the_smallest_manifest_has_a_name_and_nothing_else() -> None:
    smallest = load_manifest(a_manifest())

    assert (smallest.bot_scopes, smallest.bot_events, smallest.slash_commands) == (frozenset(), frozenset(), {})


@pytest.mark.parametrize(
    ("content", "pointer", "message"),
    [
        ({}, "/", "missing required field: display_information"),
        ("- name\n", "/", "must provide an object"),
        ({"display_information": {}}, "/display_information", "missing required field: name"),
        ({"display_information": {"name": "x" * 36}}, "/display_information/name", "must be less than 36 characters"),
        (a_manifest(setings={}), "/", "invalid additional property: setings"),
        (a_manifest(settings={"socket_mode": True}), "/settings", "invalid additional property: socket_mode"),
        (a_manifest(features={"bot_user": {}}), "/features/bot_user", "missing required field: display_name"),
        (a_manifest(settings={"interactivity": {}}), "/settings/interactivity", "missing required field: is_enabled"),
        (
            a_manifest(settings={"interactivity": {"is_enabled": True, "request_url": "example.com"}}),
            "/settings/interactivity/request_url",
            "must be a valid URL",
        ),
        (
            a_manifest(features={"slash_commands": [{"command": "duty", "description": "d"}]}),
            "/features/slash_commands/0/command",
            "must match /.*",
        ),
        (
            a_manifest(features={"shortcuts": [{"name": "n", "type": "g", "callback_id": "c", "description": "d"}]}),
            "/features/shortcuts/0/type",
            "must be one of: message, global",
        ),
        (
            a_manifest(settings={"event_subscriptions": {"bot_events": ["app_home_opened"] * 2}}),
            "/settings/event_subscriptions/bot_events",
            "must not hold the same item twice",
        ),
        (
            a_manifest(oauth_config={"scopes": {"bot": "chat:write"}}),
            "/oauth_config/scopes/bot",
            "must provide an array",
        ),
        ("display_information: [\n", "/", None),
    ],
)
def test_a_manifest_against_the_schema_is_refused_with_the_place(
    content: Any, pointer: str, message: str | None
) -> None:
    found = faults(content)

    assert [place for place, _ in found] == [pointer]
    assert message is None or found[0][1] == message


def test_every_fault_is_named() -> None:
    found = faults({"display_information": {"name": ""}, "colour": 1, "settings": {"is_hosted": "no"}})

    assert [pointer for pointer, _ in found] == ["/", "/display_information/name", "/settings/is_hosted"]


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        (
            {"settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}}},
            (
                "/settings/event_subscriptions/request_url",
                "Event Subscription requires either Request URL or Socket Mode Enabled",
            ),
        ),
        (
            {"settings": {"interactivity": {"is_enabled": True}}},
            ("/settings/interactivity/request_url", "Interactivity requires a Request URL"),
        ),
        (
            {
                "features": {
                    "bot_user": {"display_name": "d"},
                    "slash_commands": [{"command": "/d", "description": "d"}],
                },
                "oauth_config": {"scopes": {"bot": ["commands"]}},
            },
            ("/features/slash_commands/0/url", "Slash Command requires a URL"),
        ),
        (
            {
                "features": {"slash_commands": [{"command": "/d", "description": "d"}]},
                "settings": {"socket_mode_enabled": True},
            },
            ("/features/slash_commands", "Slash commands require the scope `commands`"),
        ),
        (
            {"oauth_config": {"scopes": {"bot": ["chat:write"]}}},
            ("/features/bot_user", "Bot scopes require a bot user"),
        ),
        (
            {"settings": {"event_subscriptions": {"bot_events": ["reaction_added"]}, "socket_mode_enabled": True}},
            (
                "/settings/event_subscriptions/bot_events/0",
                "Event reaction_added requires the scope reactions:read",
            ),
        ),
        (
            {"settings": {"event_subscriptions": {"bot_events": ["message"]}, "socket_mode_enabled": True}},
            ("/settings/event_subscriptions/bot_events/0", "Unknown event: message"),
        ),
    ],
)
def test_a_manifest_against_slacks_other_rules_is_refused(sections: Json, fault: tuple[str, str]) -> None:
    assert faults(a_manifest(**sections)) == [fault]


@pytest.mark.parametrize(
    ("event_type", "kind", "allowed"),
    [
        ("message", "public", True),
        ("message", "im", True),
        ("message", "private", False),
        ("message", None, False),
        ("app_home_opened", None, True),
        ("member_joined_channel", "public", True),
        ("member_joined_channel", "private", False),
        ("member_left_channel", "public", False),
        ("message_metadata_posted", "public", True),
    ],
)
def test_an_event_needs_a_subscription_and_the_scope_for_its_conversation(
    manifest: Manifest, event_type: str, kind: str | None, allowed: bool
) -> None:
    assert event_allowed(manifest, event_type, kind) is allowed


def test_every_scope_of_a_method_has_the_form_of_a_scope() -> None:
    scopes = {scope for method in facts("methods.json")["methods"] for scope in method["bot_scopes"]["scopes"]}

    assert all(scope.replace(".", "").replace(":", "").replace("_", "").isalpha() for scope in scopes)
