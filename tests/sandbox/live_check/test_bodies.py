"""What is shown of a body, and what is said of one that is not as expected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from boto3.session import Session

from mailwarden.inbound.cloudtrail.calls import CALLS
from tests.sandbox.live_check.runs import run_in
from tests.sandbox.platform.box import ACCOUNT, SEOUL
from tools.live_check.event_bodies import check_events, expected_event, missing_members, read_as
from tools.live_check.facts import FACTS, Observations, Verdict
from tools.live_check.listening import HeardCall, Listener, envelope
from tools.live_check.masking import Mask
from tools.live_check.plan import PLAN, NotPlanned, When, keep_to_plan
from tools.live_check.report import report
from tools.live_check.rule_patterns import rule_patterns
from tools.live_check.scratch_run import MadeCall

POOL = f"{SEOUL}_AbCdEf123"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
UPDATE = MadeCall(
    service="cognito-idp",
    operation="UpdateUserPool",
    region=SEOUL,
    parameters={"UserPoolId": POOL, "PoolName": "shop"},
    response={},
    request_id="request",
    at=0.0,
    error="",
)
SECRETS = (
    "AKIAIOSFODNNEXAMPLE",
    "jane@example.com",
    "arn:aws:iam::111122223333:user/jane",
    "jane",
    "SECRET",
    "10.0.0.1",
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "member", ["userIdentity", "requestParameters", "errorMessage", "eventType", "awsRegion", "errorCode"]
)
def test_no_text_of_somebody_is_shown_wherever_it_is(secret: str, member: str) -> None:
    for body in (secret, [secret], {"a": {"b": [secret]}}, {"userName": secret, "n": 111122223333}):
        shown = str(Mask().body({member: body}))

        assert secret not in shown
        assert "111122223333" not in shown
        assert secret not in str(Mask().body({"requestParameters": {"eventName": secret, "a": {member: secret}}}))


def test_values_that_aws_enumerates_marks_of_hiding_and_placeholders_are_shown() -> None:
    mask = Mask(known={POOL: "<pool LITE>"})

    shown = mask.body({"mode": "COGNITO_DEFAULT", "hidden": HIDDEN, "id": POOL, "days": 3, "on": True, "none": None})

    assert shown == {
        "mode": "COGNITO_DEFAULT", "hidden": HIDDEN, "id": "<pool LITE>", "days": 3, "on": True, "none": None,
    }  # fmt: skip


class Heard(Listener):
    """A listener that has heard the events that it is given."""

    events: tuple[HeardCall, ...] = ()

    def made(self) -> list[MadeCall]:
        return [UPDATE]

    def hear(self) -> tuple[list[HeardCall], list[MadeCall]]:
        return list(self.events), []


@pytest.mark.parametrize(
    ("parameters", "verdict", "seen"),
    [
        ({"userPoolId": POOL, "poolName": "shop"}, Verdict.AGREES, ""),
        ({"userPoolId": POOL}, Verdict.AGREES, "without requestParameters.poolName"),
        ({"userPoolId": HIDDEN, "poolName": "shop"}, Verdict.DIFFERS, ""),
        ({"UserPoolId": POOL}, Verdict.DIFFERS, "without requestParameters.poolName, requestParameters.userPoolId"),
        (None, Verdict.DIFFERS, "without requestParameters.poolName, requestParameters.userPoolId"),
    ],
)
def test_a_body_that_does_not_name_the_pool_as_expected_is_a_difference(
    parameters: Mapping[str, str] | None, verdict: Verdict, seen: str
) -> None:
    run = run_in()
    detail = {"eventName": "UpdateUserPool", "requestParameters": parameters}
    listener = Heard(run=run, regions=(SEOUL,), iam_region="us-east-1", patterns=rule_patterns(ACCOUNT))
    event = envelope(UPDATE, detail, account=ACCOUNT, region=SEOUL)
    listener.events = (HeardCall(call=UPDATE, event=event, after=2.5),)

    (line,) = check_events(run, listener)

    assert (line.rule, line.after) == ("UserPoolCalls", "2.5 s")
    (observed,) = [each for each in run.observations.made if each.fact == "event-read"]
    assert (observed.verdict, observed.seen) == (verdict, seen)
    text = report(run, [line], [], begun=datetime(2026, 11, 29, tzinfo=UTC))
    assert POOL not in text
    assert f"| {verdict} |" in text


def test_every_call_that_is_heard_is_matched_by_one_rule_of_the_template() -> None:
    patterns = rule_patterns(ACCOUNT)

    for source, operations in CALLS.items():
        for operation in operations:
            assert len([each for each in patterns if each.matches(source, operation)]) == 1, operation


def test_the_expected_body_of_a_call_names_its_resource() -> None:
    run = run_in()

    (hint,) = read_as(run, expected_event(run, UPDATE))

    assert POOL in str(hint)
    assert list(missing_members(UPDATE, {"requestParameters": {"userPoolId": POOL, "poolName": ""}})) == []
    (region_hint,) = read_as(run, expected_event(run, replace(UPDATE, parameters={})))
    assert POOL not in str(region_hint)


def test_a_call_that_is_not_planned_is_not_sent() -> None:
    session = Session(aws_access_key_id="x", aws_secret_access_key="x")
    keep_to_plan(session, ())
    client: Any = session.client("cognito-idp", region_name=SEOUL, endpoint_url="http://127.0.0.1:9")
    ses: Any = session.client("sesv2", region_name=SEOUL, endpoint_url="http://127.0.0.1:9")

    with pytest.raises(NotPlanned, match="cognito-idp:AdminCreateUser"):
        client.admin_create_user(UserPoolId=POOL, Username="jane")
    with pytest.raises(NotPlanned, match="sesv2:DeleteEmailIdentityPolicy"):
        ses.delete_email_identity_policy(EmailIdentity="example.com", PolicyName="x")


def test_every_planned_operation_exists() -> None:
    session = Session()
    for each in PLAN:
        client: Any = session.client(each.service, region_name=SEOUL)  # type: ignore[call-overload] # by name
        assert set(each.operations) <= set(client.meta.service_model.operation_names), each
    assert {each.when for each in PLAN} == set(When)


def test_a_fact_that_nothing_was_seen_of_is_in_the_report() -> None:
    observations = Observations()

    assert [each.verdict for fact in FACTS for each in observations.of(fact)] == [Verdict.NOT_OBSERVED] * len(FACTS)
    with pytest.raises(KeyError):
        observations.add("no-fact", "", agrees=True)
