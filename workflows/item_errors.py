"""What is declined about action items; each writes its own sentence."""

from storage.tables import Incident
from workflows.errors import Declined, person


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
