"""The messenger: performs one delivery, and says how it went."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.messenger import channels, history, posts, prompts, reminders
from bot.messenger.caller import Caller
from bot.messenger.catchup import whisper_catchup
from bot.messenger.digests import send_monthly_digest, send_trend, send_weekly_digest
from bot.messenger.faults import hint
from bot.messenger.fetcher import Fetcher
from bot.messenger.files import fetch_file
from bot.messenger.mail import send_mail
from bot.messenger.marks import show_marked
from bot.messenger.notices import find_audience, send_notice
from bot.messenger.outcomes import back_off, outcome_of
from bot.messenger.people import look_up_person, tell_person
from bot.messenger.post_office import PostOffice
from bot.messenger.roads import Busy, NotYet, Refused, outcome_on_road
from bot.messenger.slack import Slack
from bot.messenger.trackers import Trackers, look_up_tracked, track
from bot.messenger.webhook import call_webhook
from bot.messenger.work import CannotWork, PutOff, Work
from storage.deliveries import Claim
from storage.tables import DeliveryKind
from storage.tables.columns import JsonObject
from workflows.digests import DIGESTS
from workflows.ports import GiveUp, Outcome, Sent, TryAgain
from workflows.process import Process
from workflows.situation import Situation

log = structlog.get_logger()

PERFORM: dict[DeliveryKind, Callable[[Work], Awaitable[JsonObject]]] = {
    DeliveryKind.OPEN_CHANNEL: channels.open_channel,
    DeliveryKind.ADOPT_CHANNEL: channels.adopt_channel,
    DeliveryKind.POST_CARD: posts.post_card,
    DeliveryKind.PIN_CARD: posts.pin_card,
    DeliveryKind.REFRESH_CARD: posts.refresh_card,
    DeliveryKind.SET_TOPIC: channels.set_topic,
    DeliveryKind.SET_PURPOSE: channels.set_purpose,
    DeliveryKind.INVITE: channels.invite,
    DeliveryKind.ADD_BOOKMARK: channels.add_bookmark,
    DeliveryKind.DIGEST_ENTRY: posts.show_in_digest,
    DeliveryKind.TELL_CHANNEL: posts.tell_channel,
    DeliveryKind.TELL_THREAD: posts.tell_thread,
    DeliveryKind.ANSWER_DECLARER: posts.answer_declarer,
    DeliveryKind.REPORT_FAULT: posts.report_fault,
    DeliveryKind.LOOK_UP_PERSON: look_up_person,
    DeliveryKind.LOOK_UP_PARTICIPANTS: channels.look_up_participants,
    DeliveryKind.LOOK_UP_MESSAGE: history.look_up_message,
    DeliveryKind.READ_HISTORY: history.read_history,
    DeliveryKind.READ_THREAD: history.read_thread,
    DeliveryKind.FETCH_FILE: fetch_file,
    DeliveryKind.TELL_PERSON: tell_person,
    DeliveryKind.SHOW_MARKED: show_marked,
    DeliveryKind.WHISPER_CATCHUP: whisper_catchup,
    DeliveryKind.ANNOUNCE: find_audience,
    DeliveryKind.NOTICE: send_notice,
    DeliveryKind.MAIL: send_mail,
    DeliveryKind.WEBHOOK: call_webhook,
    DeliveryKind.ASK: prompts.ask,
    DeliveryKind.REFRESH_PROMPT: prompts.refresh_prompt,
    DeliveryKind.WHISPER: prompts.whisper,
    DeliveryKind.MORNING: reminders.send_morning,
    DeliveryKind.TELL_OF_ITEM: reminders.tell_of_item,
    DeliveryKind.REFRESH_REMINDER: reminders.refresh_reminder,
    DeliveryKind.WEEKLY_DIGEST: send_weekly_digest,
    DeliveryKind.MONTHLY_DIGEST: send_monthly_digest,
    DeliveryKind.TREND: send_trend,
    DeliveryKind.TRACK: track,
    DeliveryKind.LOOK_UP_TRACKED: look_up_tracked,
}


class SlackMessenger:
    """Performs deliveries in Slack, and on the roads beside it."""

    def __init__(
        self,
        slack: Slack,
        process: Process,
        *,
        post_office: PostOffice | None = None,
        caller: Caller | None = None,
        fetcher: Fetcher | None = None,
        trackers: Trackers | None = None,
    ) -> None:
        self._slack = slack
        self._process = process
        self._post_office = post_office
        self._caller = caller
        self._fetcher = fetcher
        self._trackers = trackers

    async def deliver(self, claim: Claim, situation: Situation | None, briefing: object = None) -> Outcome:
        """Perform one; a mistake of ours is logged once a try, and tried again rather than lost."""
        work = Work(
            self._slack,
            self._process,
            claim,
            situation,
            self._post_office,
            self._caller,
            self._fetcher,
            briefing,
            self._trackers,
        )
        try:
            return Sent(await PERFORM[claim.kind](work))
        except CannotWork as fault:
            return GiveUp(fault.code, hint(fault.code, kind=claim.kind))
        except PutOff as fault:
            return TryAgain(fault.until, "put off", in_doubt=claim.look_first)
        except (NotYet, Refused, Busy) as fault:
            return outcome_on_road(fault, claim, now=self._slack.now())
        except Exception as fault:
            return self._outcome_of(fault, claim)

    def _outcome_of(self, fault: Exception, claim: Claim) -> Outcome:
        now = self._slack.now()
        try:
            outcome = outcome_of(fault, attempt=claim.attempt, now=now, kind=claim.kind)
        except Exception:
            log.error("a delivery failed", kind=claim.kind, delivery=claim.delivery_id, exc_info=fault)
            return TryAgain(now + back_off(claim.attempt + 4), type(fault).__name__, in_doubt=True)
        if isinstance(outcome, TryAgain) and claim.look_first:
            # This attempt may have come to nothing before it had looked for what an earlier one did.
            return replace(outcome, in_doubt=True)
        if isinstance(outcome, GiveUp) and claim.kind in (DeliveryKind.DIGEST_ENTRY, *DIGESTS):
            self._slack.forget_digest_channel()
        return outcome
