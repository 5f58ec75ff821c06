"""Ask an ASGI app something, without a server between."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette


@dataclass(frozen=True)
class Answered:
    """An HTTP answer."""

    status: int
    body: str


async def ask(
    app: Starlette, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answered:
    """One request, and what came back; the length of the body is announced unless the headers say how it comes."""
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    if "transfer-encoding" not in sent:
        sent.setdefault("content-length", str(len(body)))
    chunks = [body[start : start + 65536] for start in range(0, max(len(body), 1), 65536)]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        chunk = chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 3000),
        "scheme": "http",
    }
    await app(scope, receive, send)
    return Answered(answers[0]["status"], b"".join(each.get("body", b"") for each in answers[1:]).decode())
