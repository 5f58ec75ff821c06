"""`python -m benchmarks.bare_app`: a Bolt app that acknowledges and does nothing, the floor to measure against.

It is built as the bot's is: AsyncApp, Socket Mode over aiohttp, one token for every request, answers before the
response.
"""

import asyncio
import os
import signal

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


async def acknowledge(ack: AsyncAck) -> None:
    """Take whatever it is."""
    await ack()


def bare_app(client: AsyncWebClient) -> AsyncApp:
    """The app with a listener for each kind of thing that is measured."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id="U0", bot_token=client.token)

    app = AsyncApp(client=client, authorize=authorize, process_before_response=True, request_verification_enabled=False)
    app.command("/incident")(acknowledge)
    for event in ("member_joined_channel", "member_left_channel", "message", "reaction_added"):
        app.event(event)(acknowledge)
    return app


async def run() -> None:
    """Connect and acknowledge until terminated."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    address, token = os.environ["SLACK_API_URL"], os.environ["SLACK_APP_TOKEN"]
    app = bare_app(AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=address))
    handler = AsyncSocketModeHandler(app, token, web_client=AsyncWebClient(token=token, base_url=address))
    await handler.client.connect()  # type: ignore[no-untyped-call]
    await stopped.wait()
    await handler.client.close()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(run())
