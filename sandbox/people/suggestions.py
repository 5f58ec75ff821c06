"""What an external select offers: the app is asked with the words typed so far (protocol.md, section 4.5)."""

from sandbox.blocktext import options_of
from sandbox.contract.blocks import check_blocks
from sandbox.people.inputs import Input
from sandbox.people.payloads import suggestion_payload
from sandbox.people.seen import Screen
from sandbox.people.world import World
from sandbox.state.model import Json

# blocks.json: external_select, min_query_length.
SHORTEST_QUERY = 3


async def with_suggestions(world: World, screen: Screen, one: Input, answer: object, place: Json) -> Input:
    """The same select with the options the app offers for each answer; `place` is the view or message it stands on."""
    options: list[Json] = []
    for typed in answer if isinstance(answer, (list, tuple)) else [answer]:
        offered = await ask_for_options(world, screen, one, str(typed), place)
        options += [dict(option) for option in options_of(offered)]
    return Input(one.label, one.block, dict(one.element) | {"options": options})


async def ask_for_options(world: World, screen: Screen, one: Input, typed: str, place: Json) -> Json:
    """What the app offers for these words, its `options` or `option_groups`; nothing where it gives what is wrong."""
    if len(typed) < int(one.element.get("min_query_length", SHORTEST_QUERY)):
        return {}
    asked = {"action_id": one.action_id, "block_id": one.block_id, "value": typed}
    answer = await world.interaction(suggestion_payload(world.workspace, screen.user, place, **asked))
    if not answer.ok:
        return {}
    wrong = _wrong_with(answer.content)
    if wrong:
        world.workspace.complain(f"block_suggestion was answered with what Slack refuses: {wrong}")
        return {}
    return answer.content if isinstance(answer.content, dict) else {}


def _wrong_with(content: object) -> list[str]:
    """What Slack would not show: it takes 100 options, or as many groups, in the form of a static select's."""
    given = [key for key in ("options", "option_groups") if isinstance(content, dict) and key in content]
    if not isinstance(content, dict) or len(given) != 1 or not isinstance(content[given[0]], list):
        return ["[ERROR] must provide an array of `options` or of `option_groups`"]
    if not content[given[0]]:
        return []
    element = {"type": "static_select", "action_id": "asked", given[0]: content[given[0]]}
    label = {"type": "plain_text", "text": "asked"}
    return check_blocks([{"type": "input", "label": label, "element": element}], surface="modal").errors
