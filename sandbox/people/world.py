"""What everyone in the workspace shares when they act: the state, the road to the app, the change signal."""

from dataclasses import dataclass

from sandbox.contract.manifest import Manifest
from sandbox.link.link import Link
from sandbox.link.payload import Answer, Payload
from sandbox.people.changes import Changes
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, User
from sandbox.workspace import Workspace

# Protocol, section 3: the person sees an error whose text contains this when the app is late.
OPERATION_TIMEOUT = "operation_timeout"
DISPATCH_FAILED = "dispatch_failed"
# What Slack shows for an app without interactivity is not documented; this is our word for it.
INTERACTIVITY_OFF = "interactivity_disabled"


@dataclass(frozen=True)
class World:
    """The surroundings of every person."""

    workspace: Workspace
    manifest: Manifest
    link: Link
    changes: Changes
    base_url: str

    async def command(self, body: Json) -> Answer:
        """Tell the app of a slash command."""
        return await self.link.deliver(Payload("slash_commands", body))

    async def interaction(self, body: Json) -> Answer:
        """Tell the app of an interaction, if its manifest has interactivity on."""
        if not self.manifest.interactivity_enabled:
            return Answer(failure=INTERACTIVITY_OFF)
        return await self.link.deliver(Payload("interactive", body))

    def response_url(self, channel: Channel, user: User, *, message_ts: str | None = None) -> str:
        """A response URL for what this person just did here."""
        return f"{self.base_url}/response/" + self.workspace.response_urls.issue(
            channel, user.id, message_ts=message_ts
        )

    def trigger(self, user: User, *, view_id: str | None = None) -> str:
        """A trigger id for what this person just did; account_inactive once they are deactivated."""
        if user.deleted:
            raise SlackError("account_inactive")
        return self.workspace.triggers.issue(user.id, view_id=view_id)


def failure_shown(answer: Answer) -> str | None:
    """The error a person is shown for an answer that did not come, or came wrong."""
    if answer.failure in (None, INTERACTIVITY_OFF):
        return answer.failure
    return OPERATION_TIMEOUT if answer.failure in ("timeout", "http_timeout") else DISPATCH_FAILED
