"""Which of several clicks in one form was the last."""

from collections import OrderedDict

KEPT = 500
"""How many forms are remembered; people have them open for minutes."""


class LatestClicks:
    """The time of the latest click in each form, as far as this process has seen."""

    def __init__(self) -> None:
        self._by_form: OrderedDict[str, float] = OrderedDict()

    def seen(self, view_id: str, action_ts: str) -> None:
        """A click has arrived; an older one that arrives later changes nothing."""
        self._by_form[view_id] = max(float(action_ts), self._by_form.get(view_id, 0.0))
        self._by_form.move_to_end(view_id)
        if len(self._by_form) > KEPT:
            self._by_form.popitem(last=False)

    def is_latest(self, view_id: str, action_ts: str) -> bool:
        """Whether no later click has arrived since."""
        return float(action_ts) >= self._by_form.get(view_id, 0.0)
