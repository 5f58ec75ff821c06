"""Modals and Home tabs: each person's stack of at most three views (protocol.md, section 6)."""

from collections.abc import Iterable

from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.interactions import Triggers
from sandbox.state.model import Json, View
from sandbox.state.richtext import with_block_ids

DEEPEST_STACK = 3


class Views:
    """What every person has open, and their Home tabs."""

    def __init__(self, state: State, triggers: Triggers, *, home_tab_enabled: bool) -> None:
        self._state = state
        self._triggers = triggers
        self._home_tab_enabled = home_tab_enabled
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """The modals a person has open, the one in front last."""
        return self._stacks.setdefault(user, [])

    def top(self, user: str) -> View | None:
        """The modal in front of a person, if any."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """A person's Home tab, once it was published."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """The open modal or Home tab with this id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def modals(self) -> list[View]:
        """Every open modal, each person's from the bottom up."""
        return [view for stack in self._stacks.values() for view in stack]

    def homes(self) -> list[View]:
        """Every published Home tab."""
        return list(self._homes.values())

    def restore(self, modals: Iterable[View], homes: Iterable[View]) -> None:
        """Show these, as they once were."""
        self._homes = {view.user_id: view for view in homes}
        for view in modals:
            self.stack(view.user_id).append(view)

    def open(self, trigger_id: str, payload: Json) -> View:
        """Put a modal in front of whoever caused the trigger."""
        trigger = self._triggers.check(trigger_id)
        self._refuse_taken(payload)
        trigger.used = True
        self._stacks[trigger.user_id] = []
        return self._put(trigger.user_id, payload)

    def push(self, trigger_id: str, payload: Json) -> View:
        """Put a modal on top of the one that the trigger came from."""
        trigger = self._triggers.check(trigger_id)
        stack = self.stack(trigger.user_id)
        if not stack or (trigger.view_id is not None and all(view.id != trigger.view_id for view in stack)):
            raise SlackError("not_found")
        self._check_push(trigger.user_id, payload)
        trigger.used = True
        return self._put(trigger.user_id, payload)

    def push_onto(self, view: View, payload: Json) -> View:
        """Put a modal on top of another, as a submission's `push` answer does."""
        self._check_push(view.user_id, payload)
        return self._put(view.user_id, payload)

    def update(self, view: View, payload: Json, *, hash_: str | None = None) -> View:
        """Replace a view's content, keeping what was typed into inputs that stay; hash_conflict when it is stale."""
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._refuse_taken(payload, besides=view)
        view.payload = self._complete(payload)
        view.external_id = payload.get("external_id") or ""
        view.hash = self._hash()
        view.values = _kept_values(view)
        self._state.changed(user_id=view.user_id)
        return view

    def get(self, *, view_id: str | None, external_id: str | None) -> View:
        """The view that is open under this id or external id, or not_found."""
        for view in self._all():
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise SlackError("not_found")

    def publish(self, user: str, payload: Json, *, hash_: str | None = None) -> View:
        """Replace a person's Home tab."""
        if not self._home_tab_enabled:
            raise SlackError("not_enabled")
        home = self._homes.get(user)
        if home is not None:
            return self.update(home, payload, hash_=hash_)
        self._refuse_taken(payload)
        self._homes[user] = self._make(user, payload)
        self._state.changed(user_id=user)
        return self._homes[user]

    def close(self, user: str) -> View | None:
        """Take the modal in front away and return it."""
        view = self.stack(user).pop() if self.stack(user) else None
        self._state.changed(user_id=user)
        return view

    def clear(self, user: str) -> list[View]:
        """Take all of a person's modals away and return them, the one in front first."""
        closed = self._stacks.pop(user, [])[::-1]
        self._state.changed(user_id=user)
        return closed

    def _all(self) -> list[View]:
        return self.modals() + self.homes()

    def _check_push(self, user: str, payload: Json) -> None:
        if len(self.stack(user)) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        self._refuse_taken(payload)

    def _refuse_taken(self, payload: Json, besides: View | None = None) -> None:
        external_id = payload.get("external_id")
        if external_id and any(view.external_id == external_id and view is not besides for view in self._all()):
            raise SlackError("duplicate_external_id")

    def _put(self, user: str, payload: Json) -> View:
        view = self._make(user, payload)
        stack = self.stack(user)
        if stack:
            view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._state.changed(user_id=user)
        return view

    def _make(self, user: str, payload: Json) -> View:
        view_id = self._state.ids.new("V")
        view = View(view_id, user, payload["type"], self._complete(payload), self._hash(), root_view_id=view_id)
        view.external_id = payload.get("external_id") or ""
        return view

    def _complete(self, payload: Json) -> Json:
        return payload | {"blocks": with_block_ids(payload["blocks"], self._state.ids)}

    def _hash(self) -> str:
        return f"{self._state.clock.seconds()}.{self._state.ids.word(8)}"


def _kept_values(view: View) -> Json:
    """What was put in, for the inputs that are still there under the same block_id and action_id."""
    kept: Json = {}
    for block in view.blocks:
        values = view.values.get(block["block_id"], {})
        actions = set(_action_ids(block))
        if remaining := {action: value for action, value in values.items() if action in actions}:
            kept[block["block_id"]] = remaining
    return kept


def _action_ids(block: Json) -> list[str]:
    parts = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
    return [part["action_id"] for part in parts if isinstance(part, dict) and "action_id" in part]
