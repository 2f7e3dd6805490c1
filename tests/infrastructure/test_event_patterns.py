"""Which calls reach Mailwarden: the examples against the patterns of both templates."""

import json
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from mailwarden.adapters.aws.events.incident_bus import DETAIL_TYPE as INCIDENT
from mailwarden.adapters.aws.events.incident_bus import SOURCE
from mailwarden.inbound.cloudtrail.calls import CALLS
from mailwarden.inbound.cloudtrail.delivery_failures import FAILING_CALLS, FAILURE_CODES, LIMIT_CODE, LIMIT_TEXT
from mailwarden.inbound.cloudtrail.events import DETAIL_TYPE
from tests.infrastructure.templates import HOME, REGIONS, ROOT, RULE, template

ACCOUNT = "123456789012"
FORWARDED = "ForwardedCalls"
FORWARDED_FAILURES = "ForwardedFailures"
FORWARDED_FEEDBACK = "ForwardedFeedback"
ON_THE_BUS = frozenset({FORWARDED, FORWARDED_FAILURES, FORWARDED_FEEDBACK})
# Calls that failed are asked for by these only; the second takes the one call that is a read for EventBridge.
FAILURES = "FailedDeliveries"
FAILED_READS = "FailedCodeRequests"
FAILED_CALLS = frozenset({FAILURES, FAILED_READS})
# EventBridge user guide, "Receiving read-only management events from AWS services": by the beginning of the name. An
# enabled rule, on the default bus or a custom one, gets none of them.
READS = ("Describe", "Get", "List")
WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
# What SES itself says, and not CloudTrail of a call.
FEEDBACK = "SesFeedback"
FEEDBACK_TYPES = (
    "Email Bounced",
    "Email Complaint Received",
    "Email Rejected",
    "Email Rendering Failed",
    "Email Delivery Delayed",
    "Sending Status Enabled",
    "Sending Status Disabled",
    "Advisor Recommendation Status Open",
    "Advisor Recommendation Status Resolved",
    "Advisor Recommendation Status Closed",
)
NOT_CALLS = frozenset({FEEDBACK, FORWARDED_FEEDBACK})
FAILED = frozenset({"denied", "refused"})
NOT_OURS = frozenset({"cognito-idp.login", "cognito-idp.update-user-pool.other-account"})
# What SES itself tells is no call; some of it does not even come by EventBridge.
NO_CALLS = ("invoke.", "ses.advisor-recommendation-", "ses.email-", "ses.sending-status-", "sns.")

QUEUES = {
    FAILURES: "${DeliveryFailuresQueue.Arn}",
    FAILED_READS: "${DeliveryFailuresQueue.Arn}",
    FORWARDED_FAILURES: "${DeliveryFailuresQueue.Arn}",
    FEEDBACK: "${FeedbackQueue.Arn}",
    FORWARDED_FEEDBACK: "${FeedbackQueue.Arn}",
}

EVENTS = tuple(sorted(path for path in (ROOT / "events").glob("*.json") if not path.stem.startswith(NO_CALLS)))


def patterns(name: str) -> dict[str, dict[str, Any]]:
    return {logical_id: rule["EventPattern"] for logical_id, rule in template(name).of_type(RULE).items()}


def reached(name: str, event: dict[str, Any]) -> list[str]:
    return [
        logical_id
        for logical_id, pattern in patterns(name).items()
        if (not is_read(event) or takes_reads(name, logical_id))
        and EventPattern.load(json.dumps(pattern).replace("${AWS::AccountId}", ACCOUNT)).matches_event(event)
    ]


def is_read(event: dict[str, Any]) -> bool:
    return event["detail-type"] == DETAIL_TYPE and str(event["detail"]["eventName"]).startswith(READS)


def takes_reads(name: str, logical_id: str) -> bool:
    return bool(template(name).properties(logical_id).get("State") == WITH_READS)


def is_refused(path: Path) -> bool:
    return path.stem in NOT_OURS or path.stem.rpartition(".")[2] in FAILED


def expected(path: Path, event: dict[str, Any]) -> list[str]:
    """The one rule whose list holds the call."""
    if is_refused(path):
        return []
    if event["detail-type"] != DETAIL_TYPE:
        return [FEEDBACK]
    return [
        logical_id
        for logical_id, pattern in patterns(REGIONS).items()
        if logical_id != FEEDBACK
        and event["source"] in pattern["source"]
        and event["detail"]["eventName"] in pattern["detail"]["eventName"]
    ]


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_a_call_reaches_exactly_one_rule_here_and_elsewhere_and_a_failed_one_none(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    rules = expected(path, event)

    assert len(rules) == (0 if is_refused(path) else 1)
    assert reached(REGIONS, event) == rules
    assert [rule for rule in reached(HOME, event) if rule not in ON_THE_BUS] == rules


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_whatever_another_region_forwards_is_taken_from_the_bus(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))

    taken = [rule for rule in reached(HOME, event) if rule in ON_THE_BUS]
    match reached(REGIONS, event):
        case [rule] if rule in FAILED_CALLS:
            assert taken == [FORWARDED_FAILURES]
        case [rule] if rule == FEEDBACK:
            assert taken == [FORWARDED_FEEDBACK]
        case [_]:
            assert taken == [FORWARDED]
        case _:
            assert path.stem not in NOT_OURS or not taken


def test_the_rules_of_other_regions_are_those_of_the_home_region() -> None:
    home = patterns(HOME)
    forwarded, failures = home.pop(FORWARDED), home.pop(FORWARDED_FAILURES)
    feedback = home.pop(FORWARDED_FEEDBACK)

    assert patterns(REGIONS) == home
    assert set(forwarded["source"]) == {source for rule in home.values() for source in rule["source"]}
    assert failures["source"] == home[FAILURES]["source"] == home[FAILED_READS]["source"]
    assert feedback == home[FEEDBACK]
    assert (forwarded["detail"], failures["detail"]) == (
        {"errorCode": [{"exists": False}]},
        {"errorCode": [{"exists": True}]},
    )


def test_the_rules_ask_for_exactly_the_calls_that_can_be_read_and_each_call_once() -> None:
    asked: dict[str, list[str]] = {}
    for logical_id, pattern in patterns(REGIONS).items():
        if logical_id in FAILED_CALLS | {FEEDBACK}:
            continue
        (source,) = pattern["source"]
        asked.setdefault(source, []).extend(pattern["detail"]["eventName"])

    assert {source: sorted(names) for source, names in asked.items()} == {
        source: sorted(names) for source, names in CALLS.items()
    }


def test_failed_deliveries_are_asked_for_by_the_calls_and_errors_that_are_counted() -> None:
    details = [patterns(REGIONS)[rule]["detail"] for rule in (FAILURES, FAILED_READS)]

    assert sorted(name for detail in details for name in detail["eventName"]) == sorted(FAILING_CALLS)
    for detail in details:
        assert detail["$or"] == [
            {"errorCode": [{"prefix": code} for code in FAILURE_CODES]},
            {"errorCode": [{"prefix": LIMIT_CODE}], "errorMessage": [{"prefix": LIMIT_TEXT}]},
        ]


@pytest.mark.parametrize("name", [HOME, REGIONS])
def test_a_rule_gets_reads_exactly_if_it_asks_for_a_call_that_is_one(name: str) -> None:
    asked = {
        logical_id
        for logical_id, pattern in patterns(name).items()
        if any(call.startswith(READS) for call in pattern.get("detail", {}).get("eventName", ()))
    }

    assert asked == {FAILED_READS}
    # What other regions forward keeps its name, so the rule of the custom bus needs the state, too.
    forwarded = {FORWARDED_FAILURES} if name == HOME else set()
    assert {logical_id for logical_id in patterns(name) if takes_reads(name, logical_id)} == asked | forwarded


def test_of_what_ses_says_itself_only_what_went_wrong_and_its_own_word_are_asked_for() -> None:
    assert patterns(REGIONS)[FEEDBACK] == {
        "source": ["aws.ses"],
        "account": ["${AWS::AccountId}"],
        "detail-type": list(FEEDBACK_TYPES),
    }


@pytest.mark.parametrize("kind", ["Email Sent", "Email Delivered", "Email Opened", "Email Clicked", "Email Subscribed"])
def test_mail_that_arrived_wakes_nobody(kind: str) -> None:
    event = json.loads((ROOT / "events" / "ses.email-bounced.json").read_text(encoding="utf-8"))

    assert reached(HOME, event | {"detail-type": kind}) == []


def test_an_event_of_another_account_or_another_source_is_no_feedback() -> None:
    event = json.loads((ROOT / "events" / "ses.email-bounced.json").read_text(encoding="utf-8"))

    assert reached(HOME, event | {"account": "999988887777"}) == []
    assert reached(HOME, event | {"source": "com.example.ses"}) == []


@pytest.mark.parametrize("name", [HOME, REGIONS])
def test_a_pattern_is_narrow_and_fits_into_the_2048_characters_of_eventbridge(name: str) -> None:
    for logical_id, pattern in patterns(name).items():
        assert logical_id in NOT_CALLS or pattern["detail-type"] == [DETAIL_TYPE]
        assert pattern["account"] == ["${AWS::AccountId}"]
        assert len(json.dumps(pattern, separators=(",", ":"))) <= 2048
        if logical_id not in ON_THE_BUS | NOT_CALLS:
            assert logical_id in FAILED_CALLS or pattern["detail"]["errorCode"] == [{"exists": False}]
            assert [f"{source.removeprefix('aws.')}.amazonaws.com" for source in pattern["source"]] == pattern[
                "detail"
            ]["eventSource"]


@pytest.mark.parametrize("name", [HOME, REGIONS])
@pytest.mark.parametrize("account", [ACCOUNT, "999988887777"])
def test_no_rule_takes_the_copy_of_an_alert_so_that_no_alert_causes_another(name: str, account: str) -> None:
    copy = {"source": SOURCE, "detail-type": INCIDENT, "account": account, "region": "eu-west-1", "resources": []}
    # Even if a document had the members of a call.
    for detail in ({"mailwarden": "alert"}, {"eventName": "UpdateUserPool"}, {"errorCode": "CodeDeliveryFailure"}):
        assert reached(name, {**copy, "detail": detail}) == []
    assert not SOURCE.startswith("aws.")
    for pattern in patterns(name).values():
        assert all(source.startswith("aws.") for source in pattern["source"])
        assert INCIDENT not in pattern["detail-type"]


def test_other_regions_hand_over_to_the_bus_with_the_role_for_it_and_hold_nothing_that_waits() -> None:
    kinds = {resource["Type"] for resource in template(REGIONS).resources.values()}

    assert kinds == {RULE}
    for rule in template(REGIONS).of_type(RULE).values():
        (target,) = rule["Targets"]
        assert target["Arn"] == "${EventBusArn}"
        assert target["RoleArn"] == "${EventForwardingRoleArn}"
    assert set(template(REGIONS).parameters) <= set(template(HOME).outputs)


def test_the_home_rules_put_hints_failures_and_feedback_into_their_queues_and_what_cannot_be_delivered_aside() -> None:
    for logical_id, rule in template(HOME).of_type(RULE).items():
        (target,) = rule["Targets"]
        assert target["Arn"] == QUEUES.get(logical_id, "${HintsQueue.Arn}")
        assert target["DeadLetterConfig"] == {"Arn": "${EventBridgeDeadLetters.Arn}"}
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 3600
        assert rule.get("EventBusName") == ("${EventBus}" if logical_id in ON_THE_BUS else None)


def test_the_forwarding_role_can_put_events_on_our_bus_and_nothing_else() -> None:
    role = template(HOME).properties("EventForwardingRole")
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert statement["Action"] == "events:PutEvents"
    assert statement["Resource"] == "${EventBus.Arn}"
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "events.amazonaws.com"}


def test_the_bus_admits_its_own_account_and_leaves_it_to_iam_who_of_it_may_send() -> None:
    (policy,) = template(HOME).of_type("AWS::Events::EventBusPolicy").values()

    assert policy["EventBusName"] == "${EventBus}"
    assert policy["Statement"] == {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
        "Action": "events:PutEvents",
        "Resource": "${EventBus.Arn}",
    }
