"""What is declined about trackers outside; each writes its own sentence."""

from collections.abc import Collection

from storage.tables import ActionItem, Incident
from workflows.errors import Declined


class NoSuchTracker(Declined):
    """The settings have none by this name."""

    def __init__(self, item: ActionItem, tracker: str, known: Collection[str]) -> None:
        there = f"There are: {', '.join(known)}." if known else "Whoever runs Sitrep can add one."
        super().__init__(f"sitrep.toml has no tracker {tracker}, so {item.ref} stays only here. {there}")


class KeptInside(Declined):
    """Its incident is private, and nothing of that leaves the workspace."""

    def __init__(self, incident: Incident, item: ActionItem) -> None:
        super().__init__(
            f"{incident.ref} is private, so {item.ref} is put into no tracker. Write there what others may know."
        )


class AlreadyTracked(Declined):
    """An action item is in one tracker at the most."""

    def __init__(self, item: ActionItem, name: str) -> None:
        where = f"in {name} already, as {item.tracker_ref}" if item.tracker_ref else f"on its way to {name}"
        super().__init__(f"{item.ref} is {where}, so nothing was sent. Its row links to it as soon as it is there.")
