"""What nobody can press, pressed all the same."""

from sandbox import Sandbox
from sandbox.link.payload import Payload
from sandbox.people.payloads import action_of, message_action_payload
from sandbox.people.person import Person


async def forged_click(slack: Sandbox, person: Person, action_id: str, number: str) -> str:
    """What this person reads after a click on a button they were never shown."""
    workspace = slack.workspace
    place, user = workspace.general, person.user
    said = await person.types("hello", channel="general")
    known = person.screen.whispers(place)
    element = {"type": "button", "action_id": action_id, "value": number, "text": {"type": "plain_text", "text": "x"}}
    body = message_action_payload(
        workspace,
        user,
        place,
        place.messages[said.ts],
        action=action_of(element, "b", action_ts=workspace.event_ts(), value={}),
        values={},
        trigger_id=workspace.triggers.issue(user.id, view_id=None),
        response_url=slack.server.response_url(workspace.response_urls.issue(place, user.id, message_ts=said.ts)),
    )
    assert (await slack.link.deliver(Payload("interactive", body))).ok
    await person.until(lambda: person.screen.whispers_since(place, known))
    return person.screen.whispers_since(place, known)[0].text
