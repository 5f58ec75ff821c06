"""The `sitrep` command line. What a command needs is loaded when it is run, so that each is ready at once."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.engine import Database
    from workflows.process import Process

T = TypeVar("T")

cli = typer.Typer(
    name="sitrep",
    help="Sitrep carries incidents in Slack, from the first /incident to their resolution.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.command()
def serve() -> None:
    """Run the bot: Socket Mode or HTTP, as the environment has it."""
    gc.disable()  # nothing that is loaded becomes garbage; switched on again when we are ready

    from bot.log import configure_logging
    from bot.service import Service
    from bot.settings import BadSettings
    from bot.web_server import PortTaken
    from storage.engine import BadDatabaseAddress, DatabaseUnreachable

    settings, process = _load()
    configure_logging()
    try:
        _run(Service(settings, process).run_until_stopped())
    except (BadSettings, PortTaken, BadDatabaseAddress, DatabaseUnreachable) as fault:
        _end(str(fault))
    except OSError as fault:
        _end(f"The database or a port cannot be reached: {fault.strerror or type(fault).__name__}")


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema (`serve` does it too)."""
    from storage.engine import Database
    from storage.migrations import HEAD
    from storage.schema import migrate as upgrade

    async def run() -> str | None:
        database = Database(_database_address())
        try:
            return await upgrade(database)
        finally:
            await database.close()

    before = _ask_database(run())
    typer.echo(f"Schema {HEAD}, as before." if before == HEAD else f"Schema {before or 'none'} → {HEAD}.")


@cli.command()
def verify() -> None:
    """Recompute the ledger's hash chain; name the first broken entry, if there is one."""
    from storage.engine import Database, database_url, without_password
    from storage.ledger import BrokenEntry
    from storage.ledger import verify as check
    from storage.schema import find_revision

    address = _database_address()

    async def run() -> tuple[int, BrokenEntry | None]:
        if await find_revision(address) is None:
            _end(f"There is no ledger yet: {without_password(database_url(address))} is empty. Run sitrep migrate.")
        database = Database(address)
        try:
            async with database.read() as session:
                return await check(session)
        finally:
            await database.close()

    checked, broken = _ask_database(run())
    if broken:
        _end(
            f"{broken.ref}, entry {broken.sequence} is broken: {broken.because}. {checked} entries before it are whole."
        )
    typer.echo(f"{checked} ledger entries, all whole.")


@cli.command()
def export(
    what: Annotated[
        str, typer.Argument(metavar="INC-n|actions|insights", help="Which incident, action items, or all counted.")
    ],
    form: Annotated[
        str,
        typer.Option("--format", help="An incident: md (default), json. Actions: csv, json, md. Insights: csv, json."),
    ] = "",
    incident: Annotated[str, typer.Option(metavar="INC-n", help="Actions: of this incident only.")] = "",
    since: Annotated[str, typer.Option(help="Insights: from this day on, such as 2026-01-01.")] = "",
) -> None:
    """Write an incident's whole record, action items, or what all count up to; private ones too, to standard output."""
    if what.lower() == "insights":
        _export_insights(form or "csv", since)
    elif what.lower() == "actions":
        _export_items(form or "csv", incident)
    else:
        _export_incident(what, form or "md")


def _export_incident(incident: str, form: str) -> None:
    from bot.export import Format, NoSuchIncident
    from bot.export import export as write

    number = incident.upper().removeprefix("INC-")
    if not number.isdecimal() or form not in list(Format):
        _end("Write sitrep export INC-3, with --format md or --format json.")
    process = _process()
    try:
        typer.echo(_with_database(lambda database: write(database, int(number), form=Format(form), process=process)))
    except NoSuchIncident:
        _end(f"There is no INC-{number}.")


def _export_items(form: str, incident: str) -> None:
    from bot.export import NoSuchIncident
    from bot.export_items import ItemsFormat, export_items

    number = incident.upper().removeprefix("INC-")
    if (incident and not number.isdecimal()) or form not in list(ItemsFormat):
        _end("Write sitrep export actions, with --format csv, json or md, and --incident INC-3 or without it.")
    shape, only, process = ItemsFormat(form), int(number) if number else None, _process()
    try:
        typer.echo(_with_database(lambda database: export_items(database, form=shape, incident=only, process=process)))
    except NoSuchIncident:
        _end(f"There is no INC-{number}.")


def _export_insights(form: str, since: str) -> None:
    from datetime import date

    from bot.export_insights import InsightsFormat, export_insights

    try:
        first, process = date.fromisoformat(since) if since else None, _process()
        shape = InsightsFormat(form)
    except ValueError:
        _end("Write sitrep export insights, with --format csv or --format json, and --since 2026-01-01 or without it.")
    typer.echo(_with_database(lambda database: export_insights(database, form=shape, since=first, process=process)))


def _with_database(work: Callable[["Database"], Awaitable[T]]) -> T:
    """Do something with the database of this version; where there is none, say so."""
    from storage.engine import Database, database_url, without_password
    from storage.migrations import HEAD
    from storage.schema import find_revision

    address = _database_address()

    async def run() -> T:
        if await find_revision(address) != HEAD:
            _end(f"{without_password(database_url(address))} has not this version's schema. Run sitrep migrate.")
        database = Database(address)
        try:
            return await work(database)
        finally:
            await database.close()

    return _ask_database(run())


@cli.command()
def doctor() -> None:
    """Check tokens, permissions, names, channel, digests, database, mail, webhooks, trackers, clock; name each mend."""
    from bot.doctor import examine
    from bot.service import utc_now

    settings, process = _load()
    raise typer.Exit(asyncio.run(examine(settings, process, now=utc_now())))


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where its page is; 0 takes a free port.")] = 8025,
    host: Annotated[str, typer.Option(help="Where to listen; this machine alone gets in by default.")] = "127.0.0.1",
    people: Annotated[int, typer.Option(min=5, max=200, help="How many people are in it.")] = 5,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the workspace and the bot's database here.")
    ] = None,
    no_bot: Annotated[bool, typer.Option("--no-bot", help="Only the workspace, for any other Slack app.")] = False,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Have this app in it instead; implies --no-bot.")
    ] = None,
    tour: Annotated[bool, typer.Option("--tour", help="First play an incident, and print what each sees.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Play the tour and end.")] = False,
) -> None:
    """Start a Slack workspace on this machine with the bot in it; no account, nothing leaves the machine."""
    from bot.demo.run import Wishes, run_demo

    wishes = Wishes(
        host=host,
        port=port,
        people=people,
        data=data,
        manifest=manifest,
        no_bot=no_bot,
        tour=tour or once,
        once=once,
    )
    raise typer.Exit(_run(run_demo(wishes)))


def _run(main: Coroutine[Any, Any, T]) -> T:
    """Run what serves for long on uvloop, where there is one."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def _ask_database(work: Coroutine[Any, Any, T]) -> T:
    """Run a command that needs nothing but the database; where that cannot be reached, say so."""
    from storage.engine import BadDatabaseAddress, DatabaseUnreachable

    try:
        return asyncio.run(work)
    except (BadDatabaseAddress, DatabaseUnreachable) as fault:
        _end(str(fault))


def _load() -> "tuple[Settings, Process]":
    from bot.settings import BadSettings, load_settings
    from storage.engine import BadDatabaseAddress, database_url
    from workflows.process import BadProcess, load_process

    try:
        settings = load_settings()
        database_url(settings.database_url)
        return settings, load_process(settings.sitrep_config)
    except (BadSettings, BadDatabaseAddress, BadProcess) as fault:
        _end(str(fault))


def _process() -> "Process":
    """The process, also where no token is set."""
    from bot.settings import DatabaseSettings
    from workflows.process import BadProcess, load_process

    try:
        return load_process(DatabaseSettings().sitrep_config)
    except BadProcess as fault:
        _end(str(fault))


def _database_address() -> str:
    """The database's address, also where nothing else is set."""
    from bot.settings import DatabaseSettings
    from storage.engine import BadDatabaseAddress, database_url

    address = DatabaseSettings().database_url
    try:
        database_url(address)
    except BadDatabaseAddress as fault:
        _end(str(fault))
    return address


def _end(because: str) -> NoReturn:
    typer.secho(because, err=True, fg=typer.colors.RED)
    raise typer.Exit(1)


def main() -> None:
    """The console script."""
    cli()


if __name__ == "__main__":
    main()
