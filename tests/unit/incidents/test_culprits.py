"""An alert names the calls that can have caused it: by kind, place and time, several where several fit, none else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.documents.reader import Members
from mailwarden.domain.incidents.culprits import culprits_of
from mailwarden.domain.readings import ServiceLinkedRole
from mailwarden.domain.refs.causes import OUR_USER_AGENT, Cause, call_document, cause_from, folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.root_causes import EmailRole, IdentityState, OwnState, RootCause, SendingPolicies
from mailwarden.domain.refs.user_agents import tool_in
from mailwarden.domain.repair.limits import RepairMode
from tests.builders import developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_IDENTITY, SEOUL_POOL, a_record

POLICIES = SendingPolicies(identity=OREGON_IDENTITY)
OWN = OwnState(finding=FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW201"))
IDENTITY = IdentityState(identity=OREGON_IDENTITY)
ROLE = EmailRole(partition="aws", account=ACCOUNT)
SECOND = timedelta(seconds=1)
SHOP_IDENTITY = identity_ref()
SHOP = pool(email=developer(SHOP_IDENTITY))


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
        # Whoever created the identity that was deleted afterwards did not delete it.
        (
            "MW301",
            IDENTITY,
            [("CreateEmailIdentity", "us-west-2"), ("DeleteEmailIdentity", "us-west-2")],
            ["DeleteEmailIdentity"],
        ),
        ("MW302", IDENTITY, [("CreateEmailIdentity", "us-west-2")], ["CreateEmailIdentity"]),
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
        call("UpdateUserPool", "ap-northeast-2", pool_id="ap-northeast-2_Another"),
    ],
    ids=["long before", "afterwards", "our own", "of another pool"],
)
def test_a_call_at_another_time_of_ours_or_of_another_pool_is_not_named(harmless: Cause) -> None:
    assert culprits_of(a_record(rule_id="MW201", cause=harmless), OWN) == ()


@pytest.mark.parametrize(
    ("user_agent", "tool"),
    [
        ("APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) aws-sdk-go-v2/1.32", "Terraform/1.9.5"),
        ("[aws-cli/2.17.0 Python/3.11]", "aws-cli/2.17.0"),
        ("[S3Console/0.4]", "S3Console/0.4"),
        ("AWS Internal", "AWS Internal"),
        ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
        ("", ""),
    ],
)
def test_a_user_agent_is_shown_as_its_tool(user_agent: str, tool: str) -> None:
    assert tool_in(user_agent) == tool


def update(mailwarden: Deployment) -> Cause:
    return replace(cause(at=mailwarden.clock.at), region="us-east-1", pool_id=SHOP.ref.pool_id)


def named(mailwarden: Deployment, rule: str) -> list[str]:
    """The calls that the first alert of the rule names."""
    first = next(alert for alert in mailwarden.topic.told if alert.record.finding.rule_id == rule)
    return sorted(each.event_name for each in first.report.extent.culprits)


def known() -> Deployment:
    """A sound pool that was looked at a minute ago."""
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(), SHOP)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.clock.pass_by(minutes=1)
    return mailwarden


def test_an_update_that_left_the_mail_settings_alone_did_not_delete_the_role() -> None:
    mailwarden = known()
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=update(mailwarden)))

    assert named(mailwarden, "MW409") == []
    (alert, *_) = mailwarden.topic.told
    assert alert.record.seen.cause is not None


def test_an_update_that_left_the_mail_settings_alone_is_not_named_beside_the_deletion() -> None:
    mailwarden = known()
    del mailwarden.identities.held[SHOP_IDENTITY]
    gone = replace(cause("DeleteEmailIdentity", event_id="e-2", at=mailwarden.clock.at), region="us-east-1")

    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=folded(update(mailwarden), gone)))

    assert named(mailwarden, "MW301") == ["DeleteEmailIdentity"]


def test_an_update_that_changed_the_mail_settings_is_named() -> None:
    mailwarden = known()
    mailwarden.hold(replace(SHOP, email=developer(identity_ref("gone@example.com"))))

    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=update(mailwarden)))

    assert named(mailwarden, "MW301") == ["UpdateUserPool"]


def test_an_update_whose_event_comes_after_the_look_that_found_it_is_named() -> None:
    mailwarden = known()
    broken_by = update(mailwarden)
    mailwarden.clock.pass_by(seconds=5)
    mailwarden.hold(replace(SHOP, email=developer(identity_ref("gone@example.com"))))
    mailwarden.inspect(PoolHint(pool=SHOP.ref, asks_anew=True))
    mailwarden.clock.pass_by(seconds=5)

    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=broken_by))

    record = mailwarden.finding("MW301", identity_ref("gone@example.com").arn)
    assert [each.event_name for each in culprits_of(record, IDENTITY)] == ["UpdateUserPool"]


def test_the_mark_comes_back_from_a_document() -> None:
    marked = call("UpdateUserPool", "us-east-1", left_mail_alone=True)  # type: ignore[arg-type] # a flag

    assert cause_from(Members(where="call", values=call_document(marked))) == marked
