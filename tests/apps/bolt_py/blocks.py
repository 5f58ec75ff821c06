"""What Lunch shows: a proposal as a message, the order form, the Home tab."""

import json
from typing import Any

Json = dict[str, Any]


def proposal(dish: str, eaters: list[str]) -> Json:
    """A message that proposes a dish, with everybody who joined so far."""
    words = f"*{dish}* for {', '.join(f'<@{user}>' for user in eaters)}"
    value = json.dumps({"dish": dish, "eaters": eaters})
    join = {"type": "button", "action_id": "join", "text": _plain("I’m in"), "value": value}
    more = {"type": "overflow", "action_id": "more", "options": [_option("Later"), _option("Never")]}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": words}},
        {"type": "actions", "block_id": "proposal", "elements": [join, more]},
    ]
    return {"text": words, "blocks": blocks}


def order_form(place: str) -> Json:
    """The form that asks what to eat, and from where; its order goes to that channel or person."""
    dish = {"type": "plain_text_input", "action_id": "dish"}
    kitchen = {
        "type": "external_select",
        "action_id": "kitchen",
        "min_query_length": 0,
        "placeholder": _plain("Search"),
    }
    return {
        "type": "modal",
        "callback_id": "order",
        "private_metadata": place,
        "title": _plain("Order lunch"),
        "submit": _plain("Order"),
        "blocks": [
            {"type": "input", "block_id": "dish", "label": _plain("Dish"), "element": dish},
            {"type": "input", "block_id": "kitchen", "label": _plain("Kitchen"), "element": kitchen},
        ],
    }


def home(user: str) -> Json:
    """Somebody's Home tab."""
    words = {"type": "mrkdwn", "text": f"Bon appétit, <@{user}>"}
    return {"type": "home", "blocks": [{"type": "section", "text": words}]}


def kitchens(typed: str) -> list[Json]:
    """The options of the kitchens whose name has this in it."""
    return [_option(name) for name in ("Bakery", "Canteen", "Noodle bar") if typed.lower() in name.lower()]


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def _option(name: str) -> Json:
    return {"text": _plain(name), "value": name.lower()}
