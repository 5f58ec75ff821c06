"""One incident from the first command to the last word, as the people in it see it."""

from collections import Counter

from bot.service import Service
from sandbox import Sandbox
from storage.ledger import list_entries
from tests.journeys.telling import DIGEST, all_done, card_of, declare_form, ledger_of, mentioning, new_channel


async def test_an_incident_is_declared_run_resolved_reopened_and_resolved_again(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, bo, chidi, dee = (slack.person(name) for name in ("ann", "bo", "chidi", "dee"))

    # Ann declares; the form shows what her choices make of it.
    form = await declare_form(ann, "Checkout is down")
    assert form.values()["Title"] == "Checkout is down"
    assert "SEV1 (assumed" in form.text()
    await form.fill({"Impact": "Many"})
    await form.until(lambda now: "SEV2 (assumed" in now.text())
    await form.fill({"Urgency": "Soon"})
    await form.until(lambda now: "SEV3" in now.text() and "assumed" not in now.text())
    assert form.values()["Title"] == "Checkout is down"
    await form.fill({"What is happening?": "500s since 14:02", "Services": "checkout, payments", "Lead": "bo"})
    before = set(ann.channels())
    assert (await form.submit()).closed

    # The channel is ready.
    channel = await new_channel(ann, before)
    assert channel == "inc-1-checkout-is-down"
    await ann.until(lambda: {"ann", "bo"} <= set(ann.members(channel)), what="the lead and the declarer are in it")
    await ann.until(lambda: len(ann.bookmarks(channel)) == 1)
    await ann.until(lambda: "Lead @bo" in ann.topic(channel))
    card = card_of(ann, channel)
    assert card.buttons == ["Update", "Take a role", "Severity", "Note", "Timeline", "Resolve", "Action items"]
    for words in ("INC-1 · Checkout is down", "500s since 14:02", "SEV3", "Triage", "checkout, payments", "Lead: @bo"):
        assert words in card.text
    assert "Confirm it, or decline it" in card.text
    assert "Checkout is down" in (await ann.wait_for("general", containing="go to")).text

    # A stranger sees it in the digest.
    await dee.joins(DIGEST)
    entry = await dee.wait_for(DIGEST, containing="INC-1")
    assert "lead @bo" in entry.text

    # Roles are claimed and given.
    await chidi.joins(channel)
    await chidi.press("Take a role", card_of(chidi, channel))
    form = await chidi.form()
    await form.fill({"Role": "Communications"})
    assert (await form.submit()).closed
    await bo.command("/incident role scribe @dee", channel=channel)
    await ann.until(lambda: "Communications: @chidi" in card_of(ann, channel).text)
    await ann.until(lambda: "Scribe: @dee" in card_of(ann, channel).text)
    await dee.until(lambda: "dee" in dee.members(channel), what="dee is invited with her role")
    told = ["@chidi takes Communications", "@bo gives Scribe to @dee"]
    await ann.until(lambda: [m.text for m in card_of(ann, channel).replies()] == told)

    # Severity, status and a note.
    await bo.press("Severity", card_of(bo, channel))
    form = await bo.form()
    await form.fill({"Severity": "SEV1"})
    assert "Why?" in (await form.submit()).errors
    await form.fill({"Why?": "All payments fail"})
    assert (await form.submit()).closed
    raised = await ann.wait_for(channel, containing="Severity raised from SEV3 to SEV1")
    assert "All payments fail" in raised.text
    reply = await bo.command("/incident status investigating", channel=channel)
    assert reply.text == "INC-1 is Investigating now."
    reply = await dee.command("/incident note rolled back to 41", channel=channel)
    assert "Noted on the timeline of INC-1" in reply.text
    await ann.wait_for(channel, containing="rolled back to 41")
    await ann.until(lambda: "SEV1 · Investigating" in ann.topic(channel))

    # An update with a promise.
    await chidi.press("Update", card_of(chidi, channel))
    form = await chidi.form()
    await form.fill({"Condition": "Rolled back", "New status": "Mitigating", "Next update in": "15 minutes"})
    assert (await form.submit()).closed
    update = await ann.wait_for(channel, containing="Update by @chidi")
    assert "Investigating → Mitigating" in update.text
    assert "next update by" in update.text
    await dee.wait_for(DIGEST, containing="Rolled back")
    await ann.until(lambda: "Next update by" in card_of(ann, channel).text)

    # The gate stays shut until everything is answered, and opens then.
    await bo.press("Resolve", card_of(bo, channel))
    form = await bo.form()
    await form.fill({"How was it verified?": "Orders flow", "Does a temporary fix stay?": "Yes"})
    await form.fill({"Is anything left to do?": "No", "Why need it not be watched first?": "Known rollback"})
    outcome = await form.submit()
    assert outcome.errors == {"Which one?": "You chose Yes: say which, in a few words."}
    await form.fill({"Which one?": "Version 41 stays"})
    assert (await form.submit()).closed
    resolved = await ann.wait_for(channel, containing="Resolved by @bo")
    assert "Version 41 stays" in resolved.text
    await ann.until(lambda: card_of(ann, channel).buttons == ["Reopen", "Note", "Timeline", "Action items"])
    await dee.wait_for(DIGEST, containing="Resolved")

    # It comes back, and is resolved again.
    await ann.press("Reopen", card_of(ann, channel))
    form = await ann.form()
    await form.fill({"Why is it not over?": "Refunds fail"})
    assert (await form.submit()).closed
    await ann.wait_for(channel, containing="Refunds fail")
    await ann.command("/incident status monitoring refunds work again", channel=channel)
    await ann.command("/incident resolve", channel=channel)
    form = await ann.form()
    assert "Why need it not be watched first?" not in form.labels()
    await form.fill({"How was it verified?": "Refunds went out", "Does a temporary fix stay?": "No"})
    await form.fill({"Is anything left to do?": "Yes", "What is left?": "Alert on refunds"})
    assert (await form.submit()).closed
    await ann.until(lambda: "Refunds went out" in card_of(ann, channel).text)
    await all_done(bot_on_either)

    # What stays is work with an owner and a date, and nobody had to write it down.
    replies = card_of(bo, channel).replies()
    (fix,) = mentioning(replies, "Replace the temporary fix: Version 41 stays")
    (left,) = mentioning(replies, "Alert on refunds for")
    assert all("for @bo, due" in item.text for item in (fix, left))

    (entry,) = mentioning(dee.sees(DIGEST), "INC-1")
    assert ":white_check_mark:" in entry.text
    assert (await ledger_of(bot_on_either))[1] is None
    async with bot_on_either.database.read() as session:
        kinds = Counter(entry.kind.value for entry in await list_entries(session, 1))
    del kinds["joined"]  # holders of roles, as far as they had them when they came
    assert kinds == {
        "declared": 1,
        "channel_opened": 1,
        "role_assigned": 3,
        "severity_changed": 1,
        "status_changed": 3,
        "note": 1,
        "update": 1,
        "resolved": 2,
        "reopened": 1,
        "item_added": 2,
    }
