"""What is declined about checks, risks and decisions; each writes its own sentence."""

from collections.abc import Sequence

from storage.tables import AcceptedRisk, ActionItem
from workflows.check_commands import Effect
from workflows.errors import Declined, clock, person

EFFECTS = {
    Effect.EFFECTIVE: "It has worked",
    Effect.PARTLY: "It has worked in part",
    Effect.NOT: "It has not worked",
}


def one_of(people: Sequence[str]) -> str:
    """“@ann”, “@ann or @bo”."""
    names = [person(one) for one in people]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


class CheckNotFound(Declined):
    """There is none by this number, or it is not theirs to see."""

    def __init__(self) -> None:
        super().__init__("This question leads to nothing that you can see, so nothing was changed.")


class CheckAnswered(Declined):
    """Somebody was first."""

    def __init__(self, item: ActionItem, *, by: str, at: str, answer: str) -> None:
        super().__init__(
            f"{person(by)} has answered this for {item.ref} already, {at}: “{answer}”. Nothing more was done."
        )


class CheckOver(Declined):
    """The item was opened again, so it is not asked any more."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(f"This is no longer asked of {item.ref}: something has changed since, so nothing was done.")


class NotTheirCheck(Declined):
    """Somebody else is asked."""

    def __init__(self, item: ActionItem, asked: Sequence[str]) -> None:
        super().__init__(
            f"Whether {item.ref} has worked is asked of {one_of(asked)}, so nothing was changed. "
            "Tell them what you saw."
        )


class AlreadyFollowed(Declined):
    """The item that was asked for is there."""

    def __init__(self, made: ActionItem) -> None:
        super().__init__(f"{made.ref} was made for this already, “{made.title}”, so no second one was.")


class RiskNotFound(Declined):
    """There is none by this number, or it is not theirs to see."""

    def __init__(self) -> None:
        super().__init__("There is no such risk that you can see, so nothing was changed. `/incident risk` lists them.")


class RiskEnded(Declined):
    """It is accepted no more."""

    def __init__(self, risk: AcceptedRisk) -> None:
        at = f" since {clock(risk.ended_at)}" if risk.ended_at else ""
        super().__init__(f"Risk {risk.number} is closed{at}, so nothing was changed.")


class AlreadySigned(Declined):
    """Somebody has taken responsibility."""

    def __init__(self, risk: AcceptedRisk) -> None:
        by = person(risk.signed_by) if risk.signed_by else "Somebody"
        super().__init__(f"{by} has signed risk {risk.number} already, so nothing more was done.")


class NotSigned(Declined):
    """Nobody has taken responsibility yet."""

    def __init__(self, risk: AcceptedRisk, deciders: Sequence[str]) -> None:
        super().__init__(
            f"Risk {risk.number} waits for the signature of {one_of(deciders) or 'a decision-maker'}, so its review "
            "date was left as it is."
        )


class NotTheirDecision(Declined):
    """Somebody else decides."""

    def __init__(self, what: str, deciders: Sequence[str]) -> None:
        super().__init__(
            f"{what} waits for the answer of {one_of(deciders) or 'a decision-maker'}, so nothing was changed. "
            "Ask them."
        )


class AlreadyDecided(Declined):
    """It has its answer."""

    def __init__(self, item: ActionItem) -> None:
        by = person(item.decided_by) if item.decided_by else "Somebody"
        said = "yes" if item.approved else "no"
        super().__init__(f"{by} has said {said} to {item.ref} already, so nothing more was done.")


class NothingToDecide(Declined):
    """It is no investment, or there is no work to do any more."""

    def __init__(self, item: ActionItem) -> None:
        super().__init__(f"{item.ref} waits for nobody’s decision, so nothing was changed.")


class WrongReviewDate(Declined):
    """A risk is looked at again within a year, and not today."""

    def __init__(self) -> None:
        super().__init__("Choose a day after today and within a year, so that somebody looks at it again.")
