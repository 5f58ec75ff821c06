"""From a call's name, arguments and token to Slack's answer (methods.json: request_rules)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.api import annotations, chat, conversations, files, history, team, usergroups, users, views
from sandbox.api.call import ApiCall, Handler, missing_scope
from sandbox.contract import methods as contract
from sandbox.contract.arguments import ContractError
from sandbox.contract.methods import Method
from sandbox.ratelimits import RateLimits
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.workspace import Workspace

_FAMILIES = (annotations, chat, conversations, files, history, team, usergroups, users, views)
HANDLERS: dict[str, Handler] = {name: handler for family in _FAMILIES for name, handler in family.HANDLERS.items()}


@dataclass
class Incoming:
    """A request as read from the wire; its arguments hold no token any more."""

    method: str
    arguments: Mapping[str, Any]
    token: str | None
    is_form: bool
    warnings: list[str] = field(default_factory=list)  # Slack's own, such as missing_charset
    complaints: list[str] = field(default_factory=list)
    error: str | None = None  # what was wrong with the body itself


@dataclass
class Answer:
    """What goes back: always JSON with `ok`, and 200 even for errors, but for 429."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class WebApi:
    """The Web API of one workspace."""

    def __init__(self, workspace: Workspace, ratelimits: RateLimits) -> None:
        self.workspace = workspace
        self.ratelimits = ratelimits
        self.base_url = ""
        self.open_socket_url: Callable[[], str] | None = None

    def answer(self, incoming: Incoming) -> Answer:
        """Do what is asked, or say why not."""
        method = contract.method(incoming.method)
        if method is None or method.name not in HANDLERS:
            return self._unknown(incoming.method, documented=method is not None)
        try:
            return self._answer(method, incoming)
        except (SlackError, ContractError) as refusal:
            return Answer(refused(refusal), headers=self._scope_headers(method))

    def _answer(self, method: Method, incoming: Incoming) -> Answer:
        self._authenticate(method, incoming.token)
        wait = self.ratelimits.take(method, self._place(str(incoming.arguments.get("channel", ""))))
        if wait:
            return ratelimited(wait)
        if incoming.error:
            raise SlackError(incoming.error)
        call = self._call(method, incoming)
        self._authorize(call)
        self._check(call)
        body = {"ok": True} | HANDLERS[method.name](call)
        return Answer(_with_warnings(body, call), headers=self._scope_headers(method))

    def _call(self, method: Method, incoming: Incoming) -> ApiCall:
        arguments = contract.decode_arguments(method, incoming.arguments, form=incoming.is_form)
        call = ApiCall(self.workspace, method, arguments, self.workspace.app.bot_user_id, self.base_url)
        call.open_socket_url = self.open_socket_url
        for complaint in incoming.complaints:
            self.workspace.complain(f"{method.name}: {complaint}")
        for warning in incoming.warnings:
            call.warn(warning)
        return call

    def _place(self, channel: str) -> str:
        """One name for a conversation, however it is given: its id, or whom the DM is with."""
        named = self.workspace.channels.get(channel) or self.workspace.channel_named(channel)
        if named is None:
            return channel
        bot = self.workspace.app.bot_user_id
        others = [user for user in named.members if user != bot] if named.kind == "im" else []
        return others[0] if others else named.id

    def _authenticate(self, method: Method, token: str | None) -> None:
        if "none" in method.token_types:
            return
        if not token:
            raise SlackError("not_authed")
        app = self.workspace.app
        kinds = {app.bot_token: "bot", app.app_token: "app-level"}
        if token not in kinds:
            raise SlackError("invalid_auth")
        if kinds[token] not in method.token_types:
            raise SlackError("not_allowed_token_type")

    def _authorize(self, call: ApiCall) -> None:
        app = self.workspace.app
        granted = app.app_level_scopes if "app-level" in call.method.token_types else app.scopes
        for kind in _kinds(call):
            needed = contract.missing_scope(call.method, granted, conversation_kind=kind)
            if needed:
                raise missing_scope(needed, granted)

    def _check(self, call: ApiCall) -> None:
        problems = contract.check_arguments(call.method, call.arguments)
        failures = [problem for problem in problems if not problem.is_warning]
        if failures:
            messages = [problem.message for problem in failures]
            raise SlackError(failures[0].code, messages=messages)
        for problem in problems:
            self.workspace.complain(problem.message.removeprefix("[WARN] "))
        if call.method.deprecated:
            self.workspace.complain(f"{call.method.name} is deprecated")

    def _scope_headers(self, method: Method) -> dict[str, str]:
        granted = ",".join(sorted(self.workspace.app.scopes))
        return {"x-oauth-scopes": granted, "x-accepted-oauth-scopes": ",".join(method.scopes)}

    def _unknown(self, name: str, *, documented: bool) -> Answer:
        if documented:
            self.workspace.complain(f"{name} is a method of Slack's that this workspace does not have")
        return Answer({"ok": False, "error": "unknown_method", "req_method": name})


def ratelimited(retry_after: int) -> Answer:
    """The answer to a call that came too soon."""
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(retry_after)})


def refused(refusal: SlackError | ContractError) -> Json:
    """The body of a refusal: its code, what the answer carries besides, and the messages."""
    extra = refusal.extra if isinstance(refusal, SlackError) else {}
    body: Json = {"ok": False, "error": refusal.code} | extra
    return body | ({"response_metadata": {"messages": refusal.messages}} if refusal.messages else {})


def _with_warnings(body: Json, call: ApiCall) -> Json:
    if not call.warnings:
        return body
    metadata = body.get("response_metadata", {}) | {"warnings": call.warnings}
    if call.notes:
        metadata["messages"] = call.notes
    return body | {"warning": ",".join(call.warnings), "response_metadata": metadata}


def _kinds(call: ApiCall) -> list[str | None]:
    """The kinds of conversation the call is about, which decide the scope it needs; None when unknown."""
    match call.method.name:
        case "conversations.create":
            return ["private" if call.flag("is_private") else "public"]
        case "conversations.open" if call.optional("users"):
            return ["im" if len(call.ids("users")) == 1 else "mpim"]
        case "conversations.list" | "users.conversations":
            return [conversations.TYPES.get(type_) for type_ in call.ids("types") or ["public_channel"]]
    channel_id = call.text("channel") or call.text("channel_id")
    channel = call.workspace.channels.get(channel_id)
    is_known = channel is not None and call.workspace.visible(channel, call.user_id)
    return [channel.kind if channel is not None and is_known else None]
