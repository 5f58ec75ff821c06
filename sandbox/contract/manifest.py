"""An app's manifest: read strictly, and what it lets the app receive (manifest.json, events.json)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from sandbox.contract.facts import facts
from sandbox.contract.schema import PLAIN_KINDS, Checker, Kind, Shape


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a manifest, and where, as apps.manifest.validate reports it."""

    message: str
    pointer: str


class ManifestError(ValueError):
    """A manifest that Slack would refuse, with every fault in it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.message} [{fault.pointer}]" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command people can type."""

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global or message shortcut."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an app declares about itself."""

    name: str
    description: str
    bot_display_name: str | None
    bot_scopes: frozenset[str]
    bot_events: frozenset[str]
    slash_commands: Mapping[str, SlashCommand]
    shortcuts: tuple[Shortcut, ...]
    interactivity_enabled: bool
    interactivity_url: str | None
    options_url: str | None
    socket_mode: bool
    request_url: str | None
    home_tab_enabled: bool
    messages_tab_enabled: bool
    metadata_subscriptions: frozenset[tuple[str, str]]


def load_manifest(source: Path | str | Mapping[str, Any]) -> Manifest:
    """Read a manifest from a file, from YAML or JSON text, or from a mapping; raise ManifestError for a faulty one."""
    content: Any = source if isinstance(source, Mapping) else _parsed(_text_of(source))
    checker = ManifestChecker()
    checker.check_object(content, Shape.from_facts(facts("manifest.json")), "")
    faults = checker.faults or list(_broken_rules(content))
    if faults:
        raise ManifestError(faults)
    return _manifest(content)


def event_allowed(manifest: Manifest, event_type: str, channel_kind: str | None = None) -> bool:
    """Whether the app subscribed to this event, in this kind of conversation, and holds a scope for it."""
    name = event_type
    if event_type == "message":
        name = facts("events.json")["message"].get(channel_kind or "", event_type)
    if name not in manifest.bot_events:
        return False
    scopes = event_scopes(name, channel_kind)
    return not scopes or not manifest.bot_scopes.isdisjoint(scopes)


def event_scopes(name: str, channel_kind: str | None = None) -> frozenset[str]:
    """The scopes any one of which lets an app have the event; empty if it needs none."""
    by_kind = facts("events.json")["scopes_by_kind"].get(name)
    if by_kind is None:
        return frozenset(facts("events.json")["scopes"].get(name, ()))
    return frozenset(by_kind.get(channel_kind) or [scope for scopes in by_kind.values() for scope in scopes])


class ManifestChecker(Checker):
    """Collects faults with the place as a pointer of its own."""

    kinds: ClassVar[Mapping[str, Kind]] = PLAIN_KINDS

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Fault] = []

    def fail(self, message: str, pointer: str) -> None:
        """Note a fault at a place."""
        self.faults.append(Fault(message, pointer or "/"))


def _text_of(source: Path | str) -> str:
    # A manifest has more than one line or is JSON; anything else a string can be is a path.
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return source
    return Path(source).read_text(encoding="utf-8")


def _parsed(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ManifestError([Fault(f"must be YAML or JSON: {error}", "/")]) from error


def _broken_rules(content: Mapping[str, Any]) -> Iterator[Fault]:
    """What Slack enforces beside the schema."""
    yield from _delivery_faults(content)
    yield from _scope_faults(content)
    scopes = _at(content, "oauth_config", "scopes")
    yield from _event_faults(_subscriptions(content, "bot_events"), _held(scopes, "bot"), "bot_events")
    yield from _event_faults(_subscriptions(content, "user_events"), _held(scopes, "user"), "user_events")


def _delivery_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    settings = content.get("settings", {})
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions", {})
    if (events.get("bot_events") or events.get("user_events")) and not events.get("request_url"):
        place = "/settings/event_subscriptions/request_url"
        yield Fault("Event Subscription requires either Request URL or Socket Mode Enabled", place)
    interactivity = settings.get("interactivity", {})
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield Fault("Interactivity requires a Request URL", "/settings/interactivity/request_url")
    for index, command in enumerate(_at(content, "features").get("slash_commands", ())):
        if not command.get("url"):
            yield Fault("Slash Command requires a URL", f"/features/slash_commands/{index}/url")


def _scope_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    features = content.get("features", {})
    held = _held(_at(content, "oauth_config", "scopes"), "bot")
    if held and "bot_user" not in features:
        yield Fault("Bot scopes require a bot user", "/features/bot_user")
    for name, words in (("slash_commands", "Slash commands"), ("shortcuts", "Shortcuts")):
        if features.get(name) and "commands" not in held:
            yield Fault(f"{words} require the scope `commands`", f"/features/{name}")


def _event_faults(names: list[str], held: frozenset[str], key: str) -> Iterator[Fault]:
    known = facts("events.json")
    for index, name in enumerate(names):
        place = f"/settings/event_subscriptions/{key}/{index}"
        scopes = event_scopes(name)
        if name not in known["scopes"] and name not in known["scopes_by_kind"]:
            yield Fault(f"Unknown event: {name}", place)
        elif scopes and held.isdisjoint(scopes):
            yield Fault(f"Event {name} requires the scope {' or '.join(sorted(scopes))}", place)


def _at(content: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        content = content.get(key, {})
    return content


def _subscriptions(content: Mapping[str, Any], key: str) -> list[str]:
    names: list[str] = _at(content, "settings", "event_subscriptions").get(key, [])
    return names


def _held(scopes: Mapping[str, Any], kind: str) -> frozenset[str]:
    """All scopes the app asks for; the sandbox's people decline none of the optional ones."""
    return frozenset([*scopes.get(kind, ()), *scopes.get(f"{kind}_optional", ())])


def _manifest(content: Mapping[str, Any]) -> Manifest:
    features, settings = content.get("features", {}), content.get("settings", {})
    home, interactivity = features.get("app_home", {}), settings.get("interactivity", {})
    events = settings.get("event_subscriptions", {})
    commands = (SlashCommand(**command) for command in features.get("slash_commands", ()))
    return Manifest(
        name=content["display_information"]["name"],
        description=content["display_information"].get("description", ""),
        bot_display_name=features.get("bot_user", {}).get("display_name"),
        bot_scopes=_held(_at(content, "oauth_config", "scopes"), "bot"),
        bot_events=frozenset(events.get("bot_events", ())),
        slash_commands={command.command: command for command in commands},
        shortcuts=tuple(Shortcut(**shortcut) for shortcut in features.get("shortcuts", ())),
        interactivity_enabled=interactivity.get("is_enabled", False),
        interactivity_url=interactivity.get("request_url"),
        options_url=interactivity.get("message_menu_options_url"),
        socket_mode=settings.get("socket_mode_enabled", False),
        request_url=events.get("request_url"),
        home_tab_enabled=home.get("home_tab_enabled", False),
        # What an absent key means is not documented; only an explicit false shuts the tab.
        messages_tab_enabled=home.get("messages_tab_enabled", True),
        metadata_subscriptions=frozenset(
            (each["app_id"], each["event_type"]) for each in events.get("metadata_subscriptions", ())
        ),
    )
