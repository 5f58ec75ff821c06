"""The guide through Sitrep in the demo's page: one incident from its declaration to the Monday after, in nine steps."""

from collections.abc import Sequence

from bot.demo.story import FOUND, ITEM, KEPT, MARK, Story
from sandbox import Sandbox
from sandbox.page.guide import Guide, Step, Walk

TITLE = "Tour"
ENDING = (
    "That was one incident, from the first word to Monday's list, and its record has written itself. Go on as you "
    "like: `/incident help` names everything there is. Or kill the bot in the middle of it, under _Trouble_, and see "
    "under _Wire_ how it recovers."
)


def sitrep_guide(slack: Sandbox, *, pace: float = 1.0) -> Walk:
    """The guide, begun, through this workspace; `pace` stretches the pauses in which it is watched."""
    story = Story(slack)
    return Walk(slack, Guide(TITLE, [*_anns_steps(story), *_bos_steps(story)], ENDING, story.begin), pace=pace)


def _anns_steps(story: Story) -> Sequence[Step]:
    """From the declaration to what is left to do."""
    return [
        Step(
            "Declare an incident",
            "You are Ann, and checkout is down. Send `/incident declare Checkout is down` in #general. In the form, "
            "say who is hit and how long it can wait; the severity follows. Then press *Declare*.",
            "ann",
            lambda: "general",
            lambda: story.channel() is not None,
            story.declare,
            "composer",
        ),
        Step(
            "Open its channel",
            "It has a channel already, with you in it. Open it: the pinned card says what is known, what is "
            "missing, and when the next update is promised.",
            "ann",
            story.channel,
            story.is_read,
            story.look,
        ),
        Step(
            "Mark a message",
            f"Work as always: write what you did, such as “{FOUND}”. Then react to it with :{MARK}: (hammer). "
            f"Sitrep answers with :{KEPT}:, and it stands on the timeline.",
            "ann",
            story.channel,
            story.is_marked,
            story.mark,
            "composer",
        ),
        Step(
            "Miss an update",
            "An update was promised, and nobody has written one. Move time: open _Time_, the clock at the upper "
            "right, and press *+15 minutes* until Sitrep asks the channel for it.",
            "ann",
            story.channel,
            story.is_asked_for,
            story.miss,
            "button:+15 minutes | button:Time",
        ),
        Step(
            "Write it",
            "Press *Post update* where Sitrep asks, say in a line how things stand, and "
            "publish. The card says when the next one is promised.",
            "ann",
            story.channel,
            story.is_informed,
            story.inform,
            "button:Post update",
        ),
        Step(
            "Resolve it",
            "Press *Resolve* on the card. It is a gate: how was it checked, does a temporary fix stay, is "
            "anything left to do? What stays becomes an action item.",
            "ann",
            story.channel,
            story.is_resolved,
            story.resolve,
            "button:Resolve",
        ),
        Step(
            "Hand out what is left",
            f"In the incident's channel, send `/incident action {ITEM} @bo by next tuesday`. Bo is told at once, in a "
            "message of his own.",
            "ann",
            story.channel,
            story.is_handed_out,
            story.hand_out,
            "composer",
        ),
    ]


def _bos_steps(story: Story) -> Sequence[Step]:
    """The Monday after."""
    return [
        Step(
            "Jump to Monday",
            "Now be Bo, and press *Next Monday* under _Time_: it is nine o'clock where he is. One message names "
            "all that is his to do, with buttons that settle it there and then.",
            "bo",
            story.bos_messages,
            story.is_monday,
            story.jump,
            "button:Next Monday | button:Time",
        ),
        Step(
            "Be done with it",
            "Press *Done* beside the action item. It is off every list at once, and its message says so.",
            "bo",
            story.bos_messages,
            story.is_done,
            story.finish,
            "button:Done",
        ),
    ]
