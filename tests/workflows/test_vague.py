"""Which titles are questioned: those whose end nobody could see, and those that say not what somebody does."""

import pytest

from workflows.vague import HOW_SEEN, WHAT_DONE, question_about


@pytest.mark.parametrize(
    "title",
    [
        "improve",
        "Improve monitoring",
        "look into",
        "Look into the latency spikes",
        "investigate",
        "Investigate why the cache was cold",
        "better monitoring",
        "more tests",
        "Fewer alerts!",
        "be more careful",
        "Be more careful with deploys.",
        "review",
        "review it",
        "Review the process",
        "Think about sharding",
        "Consider a second provider",
        "we should improve our runbooks",
        "need to look at retries",
        "follow up",
        "Follow up with the vendor",
        "make sure this never happens again",
        "handle timeouts",
        "work on alerts",
        "clean up",
        "fix it",
        "update everything",
        "Optimise the checkout",
        "explore options",
        "discuss with the team",
        "TBD",
    ],
)
def test_a_title_whose_end_nobody_could_see_is_questioned(title: str) -> None:
    assert question_about(title) == HOW_SEEN


@pytest.mark.parametrize(
    "title",
    [
        "monitoring",
        "DNS",
        "the alert for refused cards",
        "No alert on disk usage",
        "missing runbook",
        "why was it slow",
        "🎉🔥",
        ":tada: :fire:",
        "???!",
    ],
)
def test_a_title_without_a_verb_is_asked_for_one(title: str) -> None:
    assert question_about(title) == WHAT_DONE


@pytest.mark.parametrize(
    "title",
    [
        "Alert on refused cards",
        "Review the failover runbook with the database team",
        "Review alerts of checkout",
        "Add a timeout of 2 s to the payment client",
        "Improve p99 of checkout to under 300 ms",
        "Investigate the cold cache and write down what caused it",
        "Look into retries and decide on a limit",
        "Reduce the cache's memory by 20%",
        "Rotate the signing keys",
        "Document how to fail over",
        "Check the backups of the order database",
        "Fix the race in the session store",
        "Update the status page template",
        "Train the support team on the new console",
        "Ask the vendor for their own account of the outage",
        "Remove the flag `fast_path`",
        "Delete unused indexes",
        "Page the on-call person when the queue is full",
        "Move the cron jobs off node 4",
        "Write a runbook for cache restarts",
        "Test restoring a backup",
        "Monitor disk usage of the log hosts",
        "Make sure that deploys stop until checks are green",
        "Restart the cache",
        "Block deploys on Fridays",
        "Schlüssel tauschen",
        "決済のアラートを追加する",
        "",
    ],
)
def test_a_title_that_says_what_is_to_be_done_is_left_alone(title: str) -> None:
    assert question_about(title) is None
