"""What the demo says in the terminal: where the workspace is, and how to get into it."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sandbox import Sandbox
from sandbox.reaching import is_loopback


def greet(console: Console, slack: Sandbox, host: str, *, data: Path | None) -> None:
    """Where the page is, how to be somebody else on it, and what becomes of it."""
    console.print("A Slack workspace on this machine. You are Ann:")
    console.print(f"\n  [bold]{slack.url}/?as=ann[/bold]\n")
    console.print("Be somebody else by your name at the upper left, or with ?as=bo in a second window.")
    what_is_kept = (
        f"All of it is kept in {escape(str(data))}" if data else "Nothing of it is kept (--data DIR keeps it)"
    )
    console.print(f"{what_is_kept}. Ctrl-C ends it.")
    if not is_loopback(host):
        console.print("[yellow]Everybody who can reach this address can act as anybody in the workspace.[/yellow]")


def say_how_to_connect(console: Console, slack: Sandbox, manifest: Path | None) -> None:
    """What another app is started with, as lines for a shell."""
    if manifest is not None:
        console.print(f"It has the app of {escape(str(manifest))} in it, and no bot of ours (--no-bot).")
    console.print("\nStart an app with these:\n")
    values = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
    }
    for name, value in values.items():
        console.print(f"export {name}={value}", markup=False)
    if not slack.manifest.socket_mode:
        deliver = f"curl {slack.url}/control/deliver -H 'Content-Type: application/json' -d '{{}}'"
        console.print(f"\nIts events go to its Request URLs. Once it runs: {deliver}", markup=False)


def say_why_not(console: Console, fault: Exception) -> None:
    """Why there is no demo."""
    words = f"{fault.filename}: {fault.strerror}" if isinstance(fault, OSError) and fault.filename else str(fault)
    console.print(f"[red]There is no demo: {escape(words)}[/red]")
