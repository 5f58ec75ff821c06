"""Files that people share in an incident's channel are kept with the incident, and nowhere else."""

import hashlib
from pathlib import Path

from sqlmodel import select

from bot.service import Service
from sandbox import Sandbox
from storage.tables import SharedFile
from tests.journeys.conftest import a_bot
from tests.journeys.hearing import kept_by, shown_by
from tests.journeys.telling import all_done, declare, mentioning
from workflows.process import Process

GRAPH = b"\x89PNG a graph of errors"
SHA256 = hashlib.sha256(GRAPH).hexdigest()


async def _settled(slack: Sandbox, bot: Service) -> None:
    await slack.events_settled()
    await all_done(bot)


async def test_a_shared_image_is_on_the_timeline_and_its_bytes_beside_the_database(
    slack: Sandbox, bot: Service, tmp_path: Path
) -> None:
    channel = await declare(slack)

    await slack.person("ann").uploads("graph.png", GRAPH, channel=channel, words="Errors since noon")
    await _settled(slack, bot)

    (shown,) = await shown_by(bot)
    assert (shown.text, shown.why, shown.files) == ("Errors since noon", ("file",), (f"graph.png {SHA256}",))
    assert (tmp_path / "sitrep.db-files" / SHA256).read_bytes() == GRAPH


async def test_the_same_image_in_a_thread_of_another_incident_is_stored_once(
    slack: Sandbox, bot: Service, tmp_path: Path
) -> None:
    ann = slack.person("ann")
    channel, other = await declare(slack), await declare(slack, "Search is slow")
    first = await ann.types("Look", channel=channel)

    await ann.uploads("graph.png", GRAPH, channel=channel, thread=first)
    await ann.uploads("copy.png", GRAPH, channel=other)
    await _settled(slack, bot)

    assert [one.files for one in await kept_by(bot) if one.files] == [
        (f"graph.png {SHA256}",),
        (f"copy.png {SHA256}",),
    ]
    assert [path.name for path in (tmp_path / "sitrep.db-files").iterdir()] == [SHA256]


async def test_a_file_in_a_private_channel_is_fetched_too(slack: Sandbox, bot: Service, tmp_path: Path) -> None:
    channel = await declare(slack, answers={"Who may see it": "Only those invited"})

    await slack.person("ann").uploads("graph.png", GRAPH, channel=channel)
    await _settled(slack, bot)

    assert (tmp_path / "sitrep.db-files" / SHA256).stat().st_mode & 0o777 == 0o600


async def test_a_file_that_is_too_large_is_named_and_not_fetched(
    slack: Sandbox, database_url: str, tmp_path: Path
) -> None:
    async with a_bot(slack, database_url, process=Process(largest_file=1)) as bot:
        channel = await declare(slack)

        await slack.person("ann").uploads("dump.bin", bytes(1_000_001), channel=channel)
        await _settled(slack, bot)

        (shown,) = await shown_by(bot)
        assert shown.files == ("dump.bin None",)
        assert (await _file(bot)).not_stored_because == "it is larger than 1 MB"
    assert not (tmp_path / "sitrep.db-files").exists()


async def _file(bot: Service) -> SharedFile:
    async with bot.database.read() as session:
        (row,) = (await session.execute(select(SharedFile))).scalars()
        return row


async def test_without_its_permission_somebody_is_told_once_and_the_incident_goes_on(
    slack: Sandbox, bot: Service
) -> None:
    channel = await declare(slack)
    slack.workspace.app.scopes -= {"files:read"}
    ann = slack.person("ann")

    await ann.uploads("graph.png", GRAPH, channel=channel)
    await ann.uploads("other.png", b"another", channel=channel)
    await _settled(slack, bot)

    (told,) = mentioning(ann.dm(), "fetch a file from its channel")
    assert "files:read" in told.text
    assert len(await shown_by(bot)) == 2


async def test_a_file_shared_while_the_bot_was_away_is_fetched_when_it_is_back(
    slack: Sandbox, database_url: str, tmp_path: Path
) -> None:
    async with a_bot(slack, database_url) as bot:
        channel = await declare(slack)
        await _settled(slack, bot)
    await slack.person("ann").uploads("graph.png", GRAPH, channel=channel)
    await slack.retries_over()

    async with a_bot(slack, database_url, sitrep_files=tmp_path / "elsewhere") as bot:
        await _settled(slack, bot)

        (shown,) = await shown_by(bot)
    assert shown.files == (f"graph.png {SHA256}",)
    assert (tmp_path / "elsewhere" / SHA256).read_bytes() == GRAPH
