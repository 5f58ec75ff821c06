"""The payloads by which Slack tells an app what someone did (protocol.md, sections 3, 4 and 7.2)."""

import json
from base64 import b64encode

from sandbox.state import shapes
from sandbox.state.core import State
from sandbox.state.model import Channel, Json, Message, User, View


def command_payload(state: State, user: User, channel: Channel, *, command: str, text: str, **issued: str) -> Json:
    """The fields of a slash command; `issued` holds its trigger_id and response_url."""
    return {
        "token": state.app.verification_token,
        "team_id": state.team.id,
        "team_domain": state.team.domain,
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        **issued,
    }


def message_action_payload(
    state: State, user: User, channel: Channel, message: Message, *, action: Json, values: Json, **issued: str
) -> Json:
    """`block_actions` for an element on a message."""
    done = {"state": {"values": values}, "actions": [action], **issued}
    return _interaction(state, user, "block_actions") | message_place(state, channel, message) | done


def message_place(state: State, channel: Channel, message: Message) -> Json:
    """Where an element on a message stands; an ephemeral message is not given along."""
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.ephemeral_to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Json = {"container": container, "channel": _channel(channel)}
    return place | ({} if message.ephemeral_to else {"message": shapes.message_json(state, message)})


def view_action_payload(state: State, user: User, view: View, *, action: Json, **issued: str) -> Json:
    """`block_actions` for an element in a modal or on a Home tab."""
    container = {"type": "view", "view_id": view.id}
    shown = shapes.view_json(state, view)
    payload = _interaction(state, user, "block_actions") | {"container": container, "view": shown, "actions": [action]}
    return payload | issued


def submission_payload(state: State, user: User, view: View, *, response_urls: list[Json], **issued: str) -> Json:
    """`view_submission`: the whole view with what was put in."""
    shown = shapes.view_json(state, view)
    payload = _interaction(state, user, "view_submission") | {"view": shown, "response_urls": response_urls}
    return payload | issued


def closed_payload(state: State, user: User, view: View, *, is_cleared: bool) -> Json:
    """`view_closed`: it has no trigger."""
    shown = shapes.view_json(state, view)
    return _interaction(state, user, "view_closed") | {"view": shown, "is_cleared": is_cleared}


def shortcut_payload(state: State, user: User, callback_id: str, **issued: str) -> Json:
    """A global shortcut: it belongs to no channel and has no response URL."""
    payload = _interaction(state, user, "shortcut") | {"callback_id": callback_id, "action_ts": state.event_ts()}
    return payload | issued


def message_shortcut_payload(
    state: State, user: User, channel: Channel, message: Message, *, callback_id: str, **issued: str
) -> Json:
    """A message shortcut, with the message it was used on."""
    return _interaction(state, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": state.event_ts(),
        "channel": _channel(channel),
        "message_ts": message.ts,
        "message": shapes.message_json(state, message),
        **issued,
    }


def suggestion_payload(state: State, user: User, place: Json, *, action_id: str, block_id: str, value: str) -> Json:
    """`block_suggestion`: someone typed in an external select; `place` says where it stands."""
    typed = {"action_id": action_id, "block_id": block_id, "value": value}
    return _interaction(state, user, "block_suggestion") | typed | place


def event_payload(state: State, event: Json) -> Json:
    """The Events API envelope around one event."""
    context = {"team_id": state.team.id, "api_app_id": state.app.id, "type": event.get("type")}
    return {
        "token": state.app.verification_token,
        "team_id": state.team.id,
        "api_app_id": state.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": state.ids.new("Ev"),
        "event_time": state.clock.seconds(),
        "authorizations": [_authorization(state)],
        "is_ext_shared_channel": False,
        "context_team_id": state.team.id,
        "context_enterprise_id": None,
        "event_context": "4-" + b64encode(json.dumps(context).encode()).decode(),
    }


def action_of(element: Json, block_id: str, *, action_ts: str, value: Json) -> Json:
    """The one entry of `actions` for this element; `value` holds what its type reports (section 4.1)."""
    action: Json = {"type": element["type"], "action_id": element.get("action_id", ""), "block_id": block_id}
    reported = {"button": ("text", "value", "style"), "icon_button": ("value",)}
    action |= {part: element[part] for part in reported.get(element["type"], ()) if part in element}
    return action | value | {"action_ts": action_ts}


def shown_name(channel: Channel) -> str:
    """A channel's name as payloads give it (protocol.md, section 3)."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def _interaction(state: State, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "token": state.app.verification_token,
        "team": {"id": state.team.id, "domain": state.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": state.team.id},
        "api_app_id": state.app.id,
    }


def _channel(channel: Channel) -> Json:
    return {"id": channel.id, "name": shown_name(channel)}


def _authorization(state: State) -> Json:
    return {
        "enterprise_id": None,
        "team_id": state.team.id,
        "user_id": state.app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
