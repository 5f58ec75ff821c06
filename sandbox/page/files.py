"""The page's own files, read anew each time they are asked for, so that a change shows when the page is loaded."""

from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

from aiohttp import web

STATIC = Path(str(files("sandbox.page"))) / "static"
HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


def index(headers: dict[str, str]) -> web.Response:
    """The page, which names all its scripts, so that a browser need not find them one after another."""
    scripts = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
    links = "\n".join(f'<link rel="modulepreload" href="/page/static/{script}">' for script in scripts)
    words = (STATIC / "index.html").read_text("utf-8").replace("</head>", f"{links}\n</head>", 1)
    return web.Response(text=words, content_type="text/html", headers=headers)


def static(request: web.Request, name: str) -> web.Response:
    """One of the files, or that it is still what the browser has; raises HTTPNotFound."""
    # The page itself is had at its own address alone: there its policy comes with it.
    if "\0" in name or Path(name).suffix == ".html":
        raise web.HTTPNotFound
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC.resolve()) or not path.is_file():
        raise web.HTTPNotFound
    stat = path.stat()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    headers = HEADERS | {"ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    # Read at once: they are small, and another thread for each of so many would take longer.
    return web.Response(body=path.read_bytes(), content_type=guess_type(path)[0] or "text/plain", headers=headers)
