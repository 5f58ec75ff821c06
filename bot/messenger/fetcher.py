"""Fetches files from Slack with the bot's own token, and stores them."""

import aiohttp
from pydantic import SecretStr
from yarl import URL

from storage.files import FileStore

MEGABYTE = 1_000_000
CHUNK = 65_536
IN_TIME = aiohttp.ClientTimeout(total=40, sock_read=10)
"""Less than an attempt may take (`dispatcher.LONGEST_ATTEMPT`)."""
MOST_REDIRECTS = 3


class NotToBeHad(Exception):
    """The bytes will not come; `because` goes on after “not stored because”."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(because)


class Fetcher:
    """Fetches bytes from Slack, and from nobody else: the token goes to Slack's own hosts only."""

    def __init__(self, session: aiohttp.ClientSession, store: FileStore, *, token: SecretStr, api_url: str) -> None:
        self._session = session
        self._store = store
        self._token = token
        self._api = URL(api_url)

    async def fetch(self, address: str, *, mimetype: str, most: int) -> str:
        """Store what is there; its SHA-256. Raises NotToBeHad, OSError, and what the connection raises."""
        url = URL(address)
        for _ in range(MOST_REDIRECTS + 1):
            if not self._is_slacks(url):
                raise NotToBeHad("it is kept elsewhere")
            headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
            async with self._session.get(url, headers=headers, allow_redirects=False, timeout=IN_TIME) as response:
                if response.status in (301, 302, 303, 307, 308):
                    url = url.join(URL(response.headers.get("Location", "")))
                    continue
                _refuse(response, mimetype=mimetype)
                return await self._store_body(response, most=most)
        raise NotToBeHad("Slack asked for a sign-in instead of handing it out")

    def _is_slacks(self, url: URL) -> bool:
        """Whether this is where the Web API is, or a host below it (files.slack.com)."""
        host, api = url.host or "", self._api.host or ""
        return (url.scheme, url.port) == (self._api.scheme, self._api.port) and (
            host == api or host.endswith(f".{api}")
        )

    async def _store_body(self, response: aiohttp.ClientResponse, *, most: int) -> str:
        with self._store.receive() as arriving:
            async for chunk in response.content.iter_chunked(CHUNK):
                arriving.write(chunk)
                if arriving.size > most:
                    raise NotToBeHad(too_large(most))
            return arriving.keep()


def _refuse(response: aiohttp.ClientResponse, *, mimetype: str) -> None:
    """Raise for an answer that is not the file."""
    if response.status == 404:
        raise NotToBeHad("it was deleted")
    if 400 <= response.status < 500 and response.status != 429:
        raise NotToBeHad(f"Slack did not hand it out (HTTP {response.status})")
    response.raise_for_status()
    if response.content_type == "text/html" and mimetype != "text/html":
        raise NotToBeHad("Slack asked for a sign-in instead of handing it out")


def too_large(most: int) -> str:
    return f"it is larger than {most // MEGABYTE} MB" if most else "sitrep.toml says that no files are fetched"
