"""The folder for files: bytes under their hash, once, for nobody else's eyes."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.engine import database_url
from storage.files import FileStore, default_folder


def _keep(store: FileStore, *chunks: bytes) -> str:
    with store.receive() as arriving:
        for chunk in chunks:
            arriving.write(chunk)
        return arriving.keep()


def test_bytes_are_kept_under_their_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")

    sha256 = _keep(store, b"a graph ", b"of errors")

    assert sha256 == hashlib.sha256(b"a graph of errors").hexdigest()
    assert store.path_of(sha256).read_bytes() == b"a graph of errors"


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path)

    assert _keep(store, b"twice") == _keep(store, b"twice")

    assert len(list(tmp_path.iterdir())) == 1


def test_folder_and_files_are_for_our_eyes_only(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")

    path = store.path_of(_keep(store, b"secret"))

    assert (store.folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_what_nobody_says_is_to_be_kept_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path)

    with store.receive() as arriving:
        arriving.write(b"half")

    assert list(tmp_path.iterdir()) == []


def test_what_a_run_that_died_had_begun_is_removed_and_what_arrives_now_is_not(tmp_path: Path) -> None:
    store, now = FileStore(tmp_path), datetime.now(UTC)
    old, new = tmp_path / ".part-1", tmp_path / ".part-2"
    kept = store.path_of(_keep(store, b"whole"))
    for path in (old, new):
        path.write_bytes(b"half")
    for path in (old, kept):
        os.utime(path, times=(0, 0))

    store.forget_unfinished(before=now - timedelta(days=1))

    assert {path.name for path in tmp_path.iterdir()} == {new.name, kept.name}


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        ("sqlite:///sitrep.db", "sitrep.db-files"),
        ("sqlite:////var/lib/sitrep/sitrep.db", "/var/lib/sitrep/sitrep.db-files"),
        ("sqlite://", "sitrep-files"),
        ("postgresql://user@host/name", "sitrep-files"),
    ],
)
def test_files_are_beside_the_database_unless_somebody_says_where(address: str, folder: str) -> None:
    assert default_folder(database_url(address)) == Path(folder)
