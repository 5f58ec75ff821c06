"""What an HTTP request to the Web API says (methods.json: request_rules)."""

from typing import Any

from aiohttp import web

from sandbox.api.dispatch import Incoming
from sandbox.state.model import Json
from sandbox.strict import read_json

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_call(request: web.Request) -> Incoming:
    """The method, token and arguments of a request, with what was wrong with the body."""
    incoming = Incoming(request.match_info["method"], {}, bearer_token(request), is_form=True)
    if request.content_type == "application/json":
        # Without arguments Slack's own Python client says JSON and sends no body at all.
        if request.can_read_body:
            await _read_json(request, incoming)
    elif request.content_type in _FORMS:
        await _read_form(request, incoming)
    elif request.can_read_body:
        incoming.error = "missing_post_type" if "Content-Type" not in request.headers else "invalid_post_type"
    if request.query:
        _add_query(request, incoming)
    return incoming


async def read_json_object(request: web.Request) -> Json:
    """The body as a JSON object; ValueError says what else it was, as an error code."""
    try:
        body = read_json(await request.read())
    except ValueError as error:
        raise ValueError("invalid_json") from error
    if not isinstance(body, dict):
        raise ValueError("json_not_object")
    return body


async def read_upload(request: web.Request) -> bytes:
    """The bytes sent to an upload address, raw or as the first file of a multipart body."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


def bearer_token(request: web.Request) -> str | None:
    """The token in the Authorization header, if there is one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def _read_json(request: web.Request, incoming: Incoming) -> None:
    incoming.is_form = False
    try:
        body = await read_json_object(request)
    except ValueError as error:
        incoming.error = str(error)
        return
    # A token inside a JSON body is not accepted, and is no argument either.
    incoming.arguments = {name: value for name, value in body.items() if name != "token"}
    if request.charset is None:
        incoming.warnings.append("missing_charset")


async def _read_form(request: web.Request, incoming: Incoming) -> None:
    form: dict[str, Any] = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    token = form.pop("token", None)
    incoming.token = incoming.token or token
    incoming.arguments = form
    if request.charset is not None and request.content_type == _FORMS[0]:
        incoming.warnings.append("superfluous_charset")


def _add_query(request: web.Request, incoming: Incoming) -> None:
    """Take the arguments of the query string; its token is not accepted (methods.json: request_rules)."""
    query = {name: value for name, value in request.query.items() if name != "token"}
    if query and incoming.arguments:
        incoming.complaints.append("query string and body carry arguments in one call")
    incoming.arguments = query | dict(incoming.arguments)
