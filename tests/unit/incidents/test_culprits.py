"""An alert names the calls that can have caused it: by kind, place and time, several where several fit, none else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.incidents.culprits import culprits_of
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause, folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import EmailRole, OwnState, RootCause, SendingPolicies
from tests.fakes.deployment import cause
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_IDENTITY, SEOUL_POOL, a_record

POLICIES = SendingPolicies(identity=OREGON_IDENTITY)
OWN = OwnState(finding=FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW201"))
ROLE = EmailRole(partition="aws", account=ACCOUNT)
SECOND = timedelta(seconds=1)


def call(name: str, region: str, *, before: timedelta = SECOND, **members: str) -> Cause:
    made = replace(cause(name, event_id=name, at=MORNING - before), region=region)
    return replace(made, **members)  # type: ignore[arg-type] # texts


@pytest.mark.parametrize(
    ("rule", "root", "calls", "named"),
    [
        ("MW402", POLICIES, [("CreateEmailIdentityPolicy", "us-west-2")], ["CreateEmailIdentityPolicy"]),
        # A Deny does not come from a policy that was deleted.
        ("MW402", POLICIES, [("DeleteEmailIdentityPolicy", "us-west-2")], []),
        ("MW401", POLICIES, [("DeleteEmailIdentityPolicy", "us-west-2")], ["DeleteEmailIdentityPolicy"]),
        ("MW401", POLICIES, [("DeleteEmailIdentityPolicy", "eu-west-1")], []),
        ("MW401", POLICIES, [("TagResource", "us-west-2")], []),
        (
            "MW401",
            POLICIES,
            [("DeleteEmailIdentityPolicy", "us-west-2"), ("UpdateUserPool", "ap-northeast-2")],
            ["DeleteEmailIdentityPolicy", "UpdateUserPool"],
        ),
        ("MW201", OWN, [("UpdateUserPool", "ap-northeast-2")], ["UpdateUserPool"]),
        ("MW201", OWN, [("UpdateUserPool", "us-east-1")], []),
        ("MW201", OWN, [("TagResource", "ap-northeast-2")], []),
        ("MW912", OWN, [("TagResource", "ap-northeast-2")], ["TagResource"]),
        ("MW409", ROLE, [("DeleteServiceLinkedRole", "us-east-1")], ["DeleteServiceLinkedRole"]),
    ],
)
def test_a_call_is_named_only_if_it_can_have_done_it(
    rule: str, root: RootCause, calls: list[tuple[str, str]], named: list[str]
) -> None:
    record = a_record(rule_id=rule, cause=folded(*(call(*each) for each in calls)))

    assert sorted(each.event_name for each in culprits_of(record, root)) == sorted(named)


@pytest.mark.parametrize(
    "harmless",
    [
        call("UpdateUserPool", "ap-northeast-2", before=timedelta(hours=3)),
        call("UpdateUserPool", "ap-northeast-2", before=-SECOND),
        call("UpdateUserPool", "ap-northeast-2", user_agent=f"{OUR_USER_AGENT}1"),
    ],
    ids=["long before", "afterwards", "our own"],
)
def test_a_call_at_another_time_or_of_ours_is_not_named(harmless: Cause) -> None:
    assert culprits_of(a_record(rule_id="MW201", cause=harmless), OWN) == ()
