"""Every listener we answer, in one screenful."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot import ids
from bot.actions import checks, item_forms, open_form, risks, subscriptions, timeline
from bot.actions import items as item_actions
from bot.actions.praise import on_praise_clicked
from bot.actions.prompts import on_prompt_pressed
from bot.actions.track import on_track_chosen
from bot.actions.try_again import on_try_again_clicked
from bot.commands.route import on_incident_command, on_incident_picked
from bot.commands.theme import on_theme_clicked
from bot.events.home import on_home_opened
from bot.events.members import on_member_joined, on_member_left
from bot.events.people import on_user_changed
from bot.listener import Handler, listener, on_error
from bot.services import Services
from bot.shortcuts.add_item import on_item_shortcut
from bot.shortcuts.mark_message import on_mark_shortcut
from bot.views import items
from bot.views.check import on_check_submitted
from bot.views.decide import on_refuse_investment_submitted
from bot.views.declare import on_declare_choice, on_declare_submitted
from bot.views.decline import on_decline_submitted
from bot.views.entry import on_entry_submitted
from bot.views.facts import on_facts_submitted
from bot.views.item_answers import on_item_submitted
from bot.views.item_done import on_item_done_submitted
from bot.views.item_reason import on_reason_submitted
from bot.views.kudos import on_kudos_submitted
from bot.views.mark import on_mark_submitted
from bot.views.merge import on_merge_submitted
from bot.views.note import on_note_submitted
from bot.views.prevention import on_no_prevention_clicked, on_no_prevention_submitted
from bot.views.public import on_public_submitted, on_stage_chosen
from bot.views.question import on_answer_submitted, on_question_submitted, on_refuse_submitted
from bot.views.reassign import on_reassign_submitted
from bot.views.reopen import on_reopen_submitted
from bot.views.resolve import on_resolve_submitted
from bot.views.risk import on_risk_submitted, on_still_accepted_submitted
from bot.views.role import on_give_role_submitted, on_take_role_submitted
from bot.views.severity import on_severity_submitted
from bot.views.snooze import on_snooze_submitted
from bot.views.status import on_status_submitted
from bot.views.subscribe import on_subscribe_submitted
from bot.views.theme import on_theme_submitted
from bot.views.update import on_update_status_chosen, on_update_submitted
from bot.views.verify import on_verify_submitted
from bot.views.who import on_retry_clicked, on_who_page_clicked

log = structlog.get_logger()

FORMS: dict[str | re.Pattern[str], Handler] = {
    ids.DECLARE_MODAL: on_declare_submitted,
    ids.UPDATE_MODAL: on_update_submitted,
    ids.SEVERITY_MODAL: on_severity_submitted,
    ids.STATUS_MODAL: on_status_submitted,
    ids.TAKE_ROLE_MODAL: on_take_role_submitted,
    ids.GIVE_ROLE_MODAL: on_give_role_submitted,
    ids.FACTS_MODAL: on_facts_submitted,
    ids.MERGE_MODAL: on_merge_submitted,
    ids.PUBLIC_MODAL: on_public_submitted,
    ids.QUESTION_MODAL: on_question_submitted,
    ids.ANSWER_MODAL: on_answer_submitted,
    ids.REFUSE_MODAL: on_refuse_submitted,
    ids.NOTE_MODAL: on_note_submitted,
    ids.ENTRY_MODAL: on_entry_submitted,
    ids.ITEM_MODAL: on_item_submitted,
    ids.MARK_MODAL: on_mark_submitted,
    ids.RESOLVE_MODAL: on_resolve_submitted,
    ids.REOPEN_MODAL: on_reopen_submitted,
    ids.DECLINE_MODAL: on_decline_submitted,
    ids.SUBSCRIBE_MODAL: on_subscribe_submitted,
    ids.KUDOS_MODAL: on_kudos_submitted,
    ids.THEME_MODAL: on_theme_submitted,
    ids.ITEM_DONE_MODAL: on_item_done_submitted,
    ids.ITEM_SNOOZE_MODAL: on_snooze_submitted,
    ids.ITEM_REASSIGN_MODAL: on_reassign_submitted,
    ids.ITEM_DROP_MODAL: on_reason_submitted,
    ids.ITEM_BLOCKED_MODAL: on_reason_submitted,
    ids.ITEM_REOPEN_MODAL: on_reason_submitted,
    ids.ITEM_DECLINE_MODAL: on_reason_submitted,
    ids.ITEM_HELP_MODAL: on_reason_submitted,
    ids.NO_PREVENTION_MODAL: on_no_prevention_submitted,
    ids.VERIFY_MODAL: on_verify_submitted,
    ids.REFUSE_INVESTMENT_MODAL: on_refuse_investment_submitted,
    ids.CHECK_PARTLY_MODAL: on_check_submitted,
    ids.CHECK_NOT_MODAL: on_check_submitted,
    ids.RISK_MODAL: on_risk_submitted,
    ids.STILL_ACCEPTED_MODAL: on_still_accepted_submitted,
}

ACTIONS: dict[str | re.Pattern[str], Handler] = {
    ids.DECLARE_CHOICE: on_declare_choice,
    ids.UPDATE_STATUS: on_update_status_chosen,
    ids.STAGE_CHOICE: on_stage_chosen,
    ids.OPEN_UPDATE: open_form.on_update_clicked,
    ids.OPEN_TAKE_ROLE: open_form.on_take_role_clicked,
    ids.OPEN_SEVERITY: open_form.on_severity_clicked,
    ids.OPEN_FACTS: open_form.on_facts_clicked,
    ids.OPEN_NOTE: open_form.on_note_clicked,
    ids.OPEN_RESOLVE: open_form.on_resolve_clicked,
    ids.OPEN_REOPEN: open_form.on_reopen_clicked,
    ids.OPEN_STATUS: open_form.on_change_status_clicked,
    ids.OPEN_DECLARE: open_form.on_declare_clicked,
    ids.TRY_AGAIN: on_try_again_clicked,
    ids.OPEN_TIMELINE: timeline.on_timeline_clicked,
    ids.SHOW_ONLY: timeline.on_showing_chosen,
    ids.OLDER_ENTRIES: timeline.on_older_clicked,
    ids.NEWER_ENTRIES: timeline.on_newer_clicked,
    ids.NEWEST_ENTRIES: timeline.on_newest_clicked,
    ids.ADD_ENTRY: timeline.on_add_entry_clicked,
    ids.EDIT_ENTRY: timeline.on_edit_entry_clicked,
    ids.SUBSCRIBE: subscriptions.on_subscribe_clicked,
    ids.OPEN_SUBSCRIBE: subscriptions.on_open_subscribe_clicked,
    ids.UNSUBSCRIBE: subscriptions.on_unsubscribe_clicked,
    ids.WHO_EARLIER: on_who_page_clicked,
    ids.WHO_LATER: on_who_page_clicked,
    ids.RETRY_NOTICE: on_retry_clicked,
    ids.RETRY_NOTICES: on_retry_clicked,
    ids.PRAISE: on_praise_clicked,
    ids.ADD_THEME: on_theme_clicked,
    ids.EDIT_THEME: on_theme_clicked,
    ids.ITEM_DONE: item_actions.on_done_clicked,
    ids.ITEM_IN_PROGRESS: item_actions.on_in_progress_clicked,
    ids.ITEM_SNOOZE: item_actions.on_snooze_chosen,
    ids.ITEM_REASSIGN: item_actions.on_reassign_clicked,
    ids.ITEM_TAKE: item_actions.on_take_clicked,
    ids.ITEM_HORIZON: item_actions.on_horizon_clicked,
    ids.TRACK_ITEM: on_track_chosen,
    ids.ITEM_ACCEPT: item_actions.on_accept_clicked,
    ids.ITEM_DECLINE: item_actions.on_reason_clicked,
    ids.ITEM_DROP: item_actions.on_reason_clicked,
    ids.ITEM_BLOCKED: item_actions.on_reason_clicked,
    ids.ITEM_REOPEN: item_actions.on_reason_clicked,
    ids.ITEM_HELP: item_actions.on_reason_clicked,
    ids.ITEM_VERIFY: checks.on_verify_clicked,
    ids.ITEM_APPROVE: checks.on_approve_clicked,
    ids.ITEM_REFUSE: checks.on_refuse_clicked,
    ids.CHECK_EFFECTIVE: checks.on_effective_clicked,
    ids.CHECK_PARTLY: checks.on_unsure_clicked,
    ids.CHECK_NOT: checks.on_unsure_clicked,
    ids.CHECK_CONTROL: checks.on_needed_clicked,
    ids.CHECK_TRAINING: checks.on_needed_clicked,
    ids.ADD_RISK: risks.on_add_clicked,
    ids.RISK_SIGN: risks.on_sign_clicked,
    ids.RISK_STILL: risks.on_still_clicked,
    ids.RISK_ACT: risks.on_settle_clicked,
    ids.RISK_OVER: risks.on_settle_clicked,
    ids.OPEN_ITEMS: items.on_items_clicked,
    ids.ITEMS_SHOWN: items.on_list_chosen,
    ids.ITEMS_OF: items.on_person_chosen,
    ids.ITEMS_NEXT: items.on_page_clicked,
    ids.ITEMS_PREVIOUS: items.on_page_clicked,
    ids.OPEN_ITEM: items.on_item_clicked,
    ids.ADD_ITEM: item_forms.on_add_item_clicked,
    ids.NO_PREVENTION: on_no_prevention_clicked,
    ids.EDIT_ITEM: item_forms.on_edit_item_clicked,
    re.compile(f"^{ids.PICK_INCIDENT}:"): on_incident_picked,
    re.compile(f"^{ids.PROMPT}:"): on_prompt_pressed,
}

SHORTCUTS: dict[str | re.Pattern[str], Handler] = {
    ids.MARK_SHORTCUT: on_mark_shortcut,
    ids.ITEM_SHORTCUT: on_item_shortcut,
}

EVENTS: dict[str | re.Pattern[str], Handler] = {  # those that come most are in `bot.hearing`
    "member_joined_channel": on_member_joined,
    "member_left_channel": on_member_left,
    "user_change": on_user_changed,
    "app_home_opened": on_home_opened,
}


ANY = re.compile("")


def register(app: AsyncApp, services: Services) -> None:
    """Answer every command, form, button and event, and every fault.

    Bolt asks its listeners one after another, each at the price of a tenth of a commit; so there is one for each sort
    of request, and it finds its handler by name.
    """
    app.command(ids.COMMAND)(listener(on_incident_command, services))
    app.view(ANY)(listener(_by_name(FORMS, lambda body: body["view"]["callback_id"]), services))
    app.action(ANY)(listener(_by_name(ACTIONS, lambda body: body["actions"][0]["action_id"]), services))
    app.event(ANY)(listener(_by_name(EVENTS, lambda body: body["event"]["type"]), services))
    app.message_shortcut(ANY)(listener(_by_name(SHORTCUTS, lambda body: body["callback_id"]), services))
    app.error(on_error)


def _by_name(handlers: Mapping[str | re.Pattern[str], Handler], name_in: Callable[[dict[str, Any]], str]) -> Handler:
    """One handler for all of them; what nobody answers, such as a button of an older version, is acknowledged."""
    patterns = {name: handler for name, handler in handlers.items() if isinstance(name, re.Pattern)}

    async def handle(slack: AsyncArgs, services: Services) -> None:
        name = name_in(slack.body)
        handler = handlers.get(name) or next((h for p, h in patterns.items() if p.search(name)), None)
        if handler is None:
            log.warning("nobody answers this", name=name)
            await slack.ack()
            return
        await handler(slack, services)

    return handle
