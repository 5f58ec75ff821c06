"""Files: their bytes in a folder under their hash, readable by us alone, and statements on what is known of them."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import write_late_rows
from storage.tables import SharedFile

UNFINISHED = ".part-"
"""How names begin under which bytes arrive."""


def default_folder(database: URL) -> Path:
    """Beside a SQLite file; in the working directory where the database is elsewhere."""
    if database.get_backend_name() == "sqlite" and database.database and database.database != ":memory:":
        return Path(f"{database.database}-files")
    return Path("sitrep-files")


class FileStore:
    """Bytes by their SHA-256, each kept once; the folder is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where bytes with this hash are, if they are kept."""
        return self.folder / sha256

    def receive(self) -> "Arriving":
        """Take bytes as they arrive; they are kept once `keep` says so, and otherwise gone at the end of the block."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Arriving(self, self.folder / f"{UNFINISHED}{secrets.token_hex(8)}")

    def forget_unfinished(self, *, before: datetime) -> None:
        """Remove what a run that died had begun to receive."""
        for path in self.folder.glob(f"{UNFINISHED}*"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)


class Arriving:
    """Bytes on their way into the store."""

    def __init__(self, store: FileStore, path: Path) -> None:
        self._store = store
        self._path = path
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> Self:
        self._file = os.fdopen(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Take some more."""
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def keep(self) -> str:
        """Keep all that was written, on disk also if the power fails now; its SHA-256 in hex."""
        self._file.flush()
        os.fsync(self._file.fileno())
        sha256 = self._hash.hexdigest()
        self._path.replace(self._store.path_of(sha256))
        return sha256


async def find_file(session: AsyncSession, incident_id: int, file_id: str) -> SharedFile | None:
    """A file that was shared in an incident's channel."""
    await write_late_rows(session)
    return await session.get(SharedFile, (incident_id, file_id))
