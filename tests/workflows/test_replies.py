"""Replies under what we ask: they answer it like a button does."""

import pytest

from storage.engine import Database
from storage.incidents import add_role, lock_incident
from storage.tables import DeliveryKind, PromptKind, PromptState, Status
from tests.builders import PROCESS
from tests.workflows.asking import ask, do, incident_now, opened, status_now
from tests.workflows.prompting import a_reply, after, answer, deliveries, prompts, states, the_prompt, time_passes
from workflows.answers import NOTHING_NEW
from workflows.commands import AskQuestion, PublishUpdate
from workflows.heard import Deleted, Heard, Said
from workflows.replies import replied, replied_in_person
from workflows.transcript import capture

K = PromptKind


async def test_a_reply_to_a_question_for_an_update_is_a_draft_that_one_press_publishes(database: Database) -> None:
    await opened(database)
    await time_passes(database, 30)

    await _hears(database, a_reply(await the_prompt(database, K.UPDATE_DUE), "We found it"), at=31)

    assert (await incident_now(database)).last_update is None
    assert await time_passes(database, 31) == ["draft"]
    draft = await the_prompt(database, K.DRAFT)
    assert (draft.data["words"], draft.data["by"]) == ("We found it", "UBOB")
    await answer(database, K.DRAFT, "publish", at=32)
    incident = await incident_now(database)
    assert (incident.last_update, incident.next_update_due_at) == ("We found it", after(92))
    assert await states(database, K.DRAFT, K.UPDATE_DUE) == ["moot", "answered", "planned"]


async def test_publish_as_a_reply_publishes_the_draft_above(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)
    prompt = await the_prompt(sqlite, K.UPDATE_DUE)
    await _hears(sqlite, a_reply(prompt, "We found it"), at=31)
    await time_passes(sqlite, 31)

    await _hears(sqlite, a_reply(prompt, "publish it"), at=32)

    assert (await incident_now(sqlite)).last_update == "We found it"


@pytest.mark.parametrize("said", ["yes", "ok!", "publish it"])
async def test_what_somebody_else_wrote_is_published_by_its_button_only(sqlite: Database, said: str) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)
    prompt = await the_prompt(sqlite, K.UPDATE_DUE)
    await _hears(sqlite, a_reply(prompt, "We found it", by="UANN"), a_reply(prompt, "Are you sure?", by="UBOB"), at=31)
    await time_passes(sqlite, 31)

    await _hears(sqlite, a_reply(prompt, said, by="UDEE"), at=32)
    assert (await incident_now(sqlite)).last_update is None
    assert await _whispered(sqlite) == [
        "That draft is somebody else’s, so I left it alone. Press “Publish” under it if it is to go out."
    ]

    await _hears(sqlite, a_reply(prompt, said, by="UANN"), at=33)
    assert (await incident_now(sqlite)).last_update == "We found it"


async def test_a_yes_without_a_draft_is_no_update(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.UPDATE_DUE), "ok"), at=31)

    assert await prompts(sqlite, K.DRAFT) == []
    assert await _whispered(sqlite) == [
        "There is no draft of yours here yet. Reply with the words of the update first."
    ]


@pytest.mark.parametrize(
    ("said", "words", "due_at"), [("15 minutes more", None, 46), ("Nothing new.", NOTHING_NEW, 91)]
)
async def test_what_the_buttons_of_an_update_say_means_the_same_in_words(
    sqlite: Database, said: str, words: str | None, due_at: int
) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.UPDATE_DUE), said), at=31)

    incident = await incident_now(sqlite)
    assert (incident.last_update, incident.next_update_due_at) == (words, after(due_at))
    assert await prompts(sqlite, K.DRAFT) == []


async def test_a_draft_is_idle_when_another_update_was_published(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await time_passes(sqlite, 30)
    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.UPDATE_DUE), "We found it"), at=31)
    await time_passes(sqlite, 31)

    await do(sqlite, ask(PublishUpdate, incident, words="x"), now=after(32))

    assert await states(sqlite, K.DRAFT) == ["moot"]


async def test_a_draft_whose_words_their_author_has_deleted_is_neither_shown_nor_published(database: Database) -> None:
    await opened(database)
    await time_passes(database, 30)
    said = a_reply(await the_prompt(database, K.UPDATE_DUE), "We found it")
    await _captures(database, said, at=31)
    await time_passes(database, 31)

    await _captures(database, Deleted(channel_id="CINC1", ts=said.ts, at=after(32)), at=32)

    draft = await the_prompt(database, K.DRAFT)
    assert (draft.state, draft.data["words"]) == (PromptState.MOOT, "")
    (redrawn,) = await deliveries(database, DeliveryKind.REFRESH_PROMPT)
    assert "We found it" not in str(redrawn.payload)


async def test_secrets_in_a_draft_are_masked(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.UPDATE_DUE), "key AKIAIOSFODNN7EXAMPLE leaked"), at=31)

    assert "AKIAIOSFODNN7EXAMPLE" not in (await the_prompt(sqlite, K.DRAFT)).data["words"]


async def test_a_reply_too_long_for_an_update_is_told_so(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.UPDATE_DUE), "x" * 2501), at=31)

    assert await prompts(sqlite, K.DRAFT) == []
    assert await _whispered(sqlite) == ["An update holds 2,500 characters and yours has 2,501; please shorten it."]


async def test_words_that_mean_a_choice_do_it(database: Database) -> None:
    await opened(database)
    await time_passes(database, 15)

    await _hears(database, a_reply(await the_prompt(database, K.TRIAGE), "Yes!"), at=16)

    assert await status_now(database) is Status.INVESTIGATING
    (redrawn,) = await deliveries(database, DeliveryKind.REFRESH_PROMPT)
    assert redrawn.payload["ended"]["choice"] == "confirm"


async def test_words_that_mean_nothing_we_know_are_told_once_what_would(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)
    prompt = await the_prompt(sqlite, K.TRIAGE)

    await _hears(sqlite, a_reply(prompt, "hm, let me see"), a_reply(prompt, "one moment"), at=16)

    assert await status_now(sqlite) is Status.TRIAGE
    assert await _whispered(sqlite) == [
        "I did not take that as an answer, and changed nothing. Press “Confirm”, “Decline”, “Merge” above. "
        "Or reply “confirm”."
    ]


async def test_words_that_mean_a_form_are_told_to_press_its_button(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)

    await _hears(sqlite, a_reply(await the_prompt(sqlite, K.TRIAGE), "not an incident"), at=16)

    assert await _whispered(sqlite) == ["“Decline” needs a little more: press the button, and a form asks for it."]


async def test_who_replies_to_what_was_answered_is_told_who_was_faster(database: Database) -> None:
    await opened(database)
    await time_passes(database, 15)
    prompt = await the_prompt(database, K.TRIAGE)
    await answer(database, K.TRIAGE, "confirm", at=16)

    await _hears(database, a_reply(prompt, "confirm", by="UDEE"), at=17)

    (told,) = await _whispered(database)
    assert told.startswith("{@UBOB} has answered this for INC-1 already")


async def test_talk_under_what_is_over_is_left_alone(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)
    prompt = await the_prompt(sqlite, K.TRIAGE)
    await answer(sqlite, K.TRIAGE, "confirm", at=16)

    await _hears(sqlite, a_reply(prompt, "thanks, looking at it now"), at=17)

    assert await _whispered(sqlite) == []


async def test_one_reply_that_is_declined_leaves_the_others_and_all_else_standing(database: Database) -> None:
    await opened(database)
    await time_passes(database, 15)
    prompt = await the_prompt(database, K.TRIAGE)
    replies = [a_reply(prompt, "confirm"), a_reply(prompt, "confirm", by="UDEE"), a_reply(prompt, "confirm", by="UANN")]

    await _hears(database, *replies, at=16)

    assert await status_now(database) is Status.INVESTIGATING
    assert len(await _whispered(database)) == 2
    assert (await the_prompt(database, K.TRIAGE)).answered_by == "UBOB"


async def test_a_reply_whose_deed_is_declined_leaves_nothing_behind_but_a_word_to_its_author(
    database: Database,
) -> None:
    incident = await opened(database, nobody_leads=True)
    await time_passes(database, 5)
    async with database.transaction() as session:  # as if the role were taken, and its planning yet to come
        add_role(session, incident, "lead", user_id="UDEE", by="UDEE", at=after(5))
    prompt = await the_prompt(database, K.NO_LEAD)
    before = (await incident_now(database)).ledger_length

    await _hears(database, a_reply(prompt, "I lead"), a_reply(prompt, "what now?", by="UANN"), at=6)

    assert await states(database, K.NO_LEAD) == ["asked"]
    assert (await incident_now(database)).ledger_length == before
    taken, hint = await _whispered(database)
    assert taken.startswith("{@UDEE} already holds Lead of INC-1")
    assert hint.startswith("I did not take that as an answer")


async def test_the_same_reply_heard_twice_is_one_answer(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 30)
    reply = a_reply(await the_prompt(sqlite, K.UPDATE_DUE), "We found it")

    await _hears(sqlite, reply, at=31)
    await _hears(sqlite, reply, at=31)

    assert len(await prompts(sqlite, K.DRAFT)) == 1


async def test_a_reply_of_who_was_asked_is_the_answer_and_what_others_say_is_talk(database: Database) -> None:
    incident = await opened(database)
    await do(database, ask(AskQuestion, incident, to="UBOB", text="Is it the cache?", due_at=after(15)))
    assert await time_passes(database, 0) == ["question"]
    prompt = await the_prompt(database, K.QUESTION)

    await _hears(database, a_reply(prompt, "I think it is", by="UDEE"), at=1)
    assert await states(database, K.QUESTION) == ["asked"]
    await _hears(database, a_reply(prompt, "No, I looked"), at=2)

    assert await states(database, K.QUESTION, K.QUESTION_DUE, K.QUESTION_UNANSWERED) == ["moot"] * 3
    (redrawn,) = await deliveries(database, DeliveryKind.REFRESH_PROMPT)
    assert redrawn.payload["ended"]["data"] == {"state": "answered", "outcome": "No, I looked"}


async def test_an_unanswered_question_reaches_who_was_asked_and_then_the_lead(database: Database) -> None:
    incident = await opened(database, status=Status.MITIGATING)
    await do(database, ask(AskQuestion, incident, to="UBOB", text="Is it the cache?", due_at=after(15)))

    asked = {minute: await time_passes(database, minute) for minute in (14, 15, 19, 20)}

    assert asked == {14: ["question"], 15: ["question_due"], 19: [], 20: ["question_unanswered"]}
    assert (await the_prompt(database, K.QUESTION_DUE)).to == "UBOB"
    assert (await the_prompt(database, K.QUESTION_UNANSWERED)).to == "UANN"


async def test_who_is_on_it_is_still_reminded_and_can_still_answer(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(AskQuestion, incident, to="UBOB", text="Is it the cache?", due_at=after(14)))
    await time_passes(sqlite, 0)

    await answer(sqlite, K.QUESTION, "on_it", at=1)

    assert await states(sqlite, K.QUESTION) == ["asked"]
    (redrawn,) = await deliveries(sqlite, DeliveryKind.REFRESH_PROMPT)
    assert redrawn.payload["ended"]["open"]
    assert await time_passes(sqlite, 14) == ["question_due"]


async def test_a_reply_to_something_else_costs_one_look(sqlite: Database) -> None:
    incident = await opened(sqlite)
    elsewhere = Said(channel_id="CINC1", ts="9.9", posted_at=after(1), author="UBOB", thread_ts="8.8", text="yes")

    await _hears(sqlite, elsewhere, at=1)

    assert (await incident_now(sqlite)).ledger_length == incident.ledger_length


async def test_a_reply_by_direct_message_is_a_draft_there(database: Database) -> None:
    await opened(database)
    await time_passes(database, 35)
    prompt = await the_prompt(database, K.UPDATE_OVERDUE)

    async with database.transaction() as session:
        reply = a_reply(prompt, "We found it", by="UANN")
        await replied_in_person(session, reply, process=PROCESS, now=after(36))

    draft = await the_prompt(database, K.DRAFT)
    assert (draft.data["channel_id"], draft.data["thread_ts"]) == ("DUANN", prompt.ts)


async def test_who_may_not_see_it_any_more_is_told_nothing_and_changes_nothing(sqlite: Database) -> None:
    await opened(sqlite, private=True)
    await time_passes(sqlite, 35)
    prompt = await the_prompt(sqlite, K.UPDATE_OVERDUE)

    async with sqlite.transaction() as session:
        await replied_in_person(session, a_reply(prompt, "x", by="USTRANGER"), process=PROCESS, now=after(36))

    assert await prompts(sqlite, K.DRAFT) == []
    assert await _whispered(sqlite) == []


async def test_what_other_bots_say_answers_nothing(sqlite: Database) -> None:
    await opened(sqlite)
    await time_passes(sqlite, 15)
    reply = a_reply(await the_prompt(sqlite, K.TRIAGE), "confirm")

    await _hears(sqlite, Said(**{**vars(reply), "by_bot": True}), at=16)

    assert await status_now(sqlite) is Status.TRIAGE


async def _hears(database: Database, *replies: Said, at: float) -> None:
    """The channel's capture has newly heard these."""
    async with database.transaction() as session:
        incident = await lock_incident(session, 1)
        assert incident is not None
        await replied(session, incident, replies, process=PROCESS, now=after(at))


async def _captures(database: Database, *heard: Heard, at: float) -> None:
    async with database.transaction() as session:
        await capture(session, heard, process=PROCESS, now=after(at))


async def _whispered(database: Database) -> list[str]:
    return [row.payload["sentence"] for row in await deliveries(database, DeliveryKind.WHISPER)]
