"""What is declined about action items; each writes its own sentence."""

from collections.abc import Mapping

from storage.tables import ActionItem, Horizon, Incident, ItemState
from workflows.effects import US
from workflows.errors import Declined, clock, person

STATE_NAMES = {
    ItemState.OPEN: "open",
    ItemState.IN_PROGRESS: "in progress",
    ItemState.BLOCKED: "blocked",
    ItemState.DONE: "done",
    ItemState.VERIFIED: "done and verified",
    ItemState.WONT_DO: "not to be done",
}
"""How a sentence says in which state an item is."""


class ItemNotFound(Declined):
    """There is none by this number, or it is not theirs to see."""

    def __init__(self, item_id: int) -> None:
        super().__init__(f"There is no ACT-{item_id} that you can see. `/incident actions` lists those there are.")


class HiddenFromOwner(Declined):
    """Its incident is private, and they are not in its channel."""

    def __init__(self, incident: Incident, who: str) -> None:
        super().__init__(
            f"{incident.ref} is private and {person(who)} is not in its channel, so nothing was given to them. "
            "Invite them first."
        )


class NotTheirItem(Declined):
    """It is somebody else's, and they have no say in it."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(
            f"{item.ref} is {person(item.owner)}'s, so nothing was changed. Take it over first, or ask them."
        )


class AlreadySo(Declined):
    """It is so already; `so` says what is the case, who says so and since when."""

    def __init__(self, item: ActionItem, so: str) -> None:
        self.item = item
        super().__init__(f"{item.ref} is already {so}. Nothing more was done.")


class ItemSettled(Declined):
    """It is over, and what was asked makes sense only while there is work to do."""

    def __init__(self, item: ActionItem) -> None:
        self.item = item
        super().__init__(f"{item.ref} is {settled(item)}. Nothing was changed; open it again to go on with it.")


class CannotBeVerified(Declined):
    """Only what is done can be verified, and tasks of the response are not."""

    def __init__(self, item: ActionItem) -> None:
        so = "a task of the response, and those are not verified" if item.horizon is Horizon.NOW else settled(item)
        super().__init__(f"Only what is done can be verified, and {item.ref} is {so}. Nothing was changed.")


class OwnerCannotVerify(Declined):
    """Whether it is done is for somebody else to say."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(
            f"{item.ref} is verified by somebody else than its owner and who said that it is done, so nothing was "
            "changed. Ask a colleague to look at it."
        )


class ItemReasonNeeded(Declined):
    """It can be done, but not without saying why."""

    def __init__(self, item: ActionItem, *, what: str) -> None:
        super().__init__(f"{what} needs a reason, so {item.ref} was left as it is. Say why in a few words.")


class EvidenceNeeded(Declined):
    """A link has to show that it is so."""

    def __init__(self, item: ActionItem, *, what: str) -> None:
        super().__init__(f"{what} needs a link that shows it, so {item.ref} was left as it is. Add the link.")


class WrongItem(Declined):
    """Some of what was said of an item cannot be so; `faults` has a sentence by field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(f"Nothing was changed. {' '.join(self.faults.values())}")


class NobodyElse(Declined):
    """There is nobody to whom it could go back."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(
            f"There is nobody else to whom {item.ref} could go back, so it stays yours. "
            "Give it to somebody, or say that it will not be done."
        )


def settled(item: ActionItem) -> str:
    """In which state it is, with who says so, since when and why."""
    by = {
        ItemState.DONE: item.done_by,
        ItemState.VERIFIED: item.verified_by,
        ItemState.WONT_DO: item.dropped_by,
    }.get(item.state)
    who = f"{'Sitrep' if by == US else person(by)}, " if by else "since "
    because = {ItemState.WONT_DO: item.dropped_because, ItemState.BLOCKED: item.blocked_on}.get(item.state)
    return f"{STATE_NAMES[item.state]} ({who}{clock(item.state_changed_at)})" + (f": “{because}”" if because else "")
