"""An incident of several rules: a pool counts once, another rule is announced, and the end has the last verdict."""

from dataclasses import replace

from mailwarden.domain.incidents.grouping import OF_SENDING_POLICIES
from mailwarden.domain.readings import Identity, VerificationStatus
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.rules import ALL
from mailwarden.rules.root_causes import sending_policies
from tests.builders import developer, identity, identity_ref, pool, sending_policy
from tests.fakes.deployment import Deployment
from tests.unit.incidents.seoul import SENDER, broken, headlines, look_at, minutes, opened, seoul, text_of


def denied() -> Identity:
    """An identity with a policy that lets every pool send, and one that denies it."""
    deny = sending_policy(SENDER, effect="Deny", conditions={"StringEquals": {"aws:SourceAccount": SENDER.account}})
    allowed = opened()
    return replace(allowed, policies={**allowed.policies, "freeze": deny})


def allowed_then_denied(number: int) -> Deployment:
    """No policy lets the pools send; then one does, and another denies it; then only the first is left."""
    pools = [seoul(each) for each in range(1, number + 1)]
    mailwarden = broken(*pools)
    for now in (denied(), opened()):
        mailwarden.hold(now)
        look_at(mailwarden, *pools)
        minutes(mailwarden, 3)
    return mailwarden


def test_a_pool_of_which_two_rules_find_something_is_one_pool() -> None:
    mailwarden = allowed_then_denied(1)

    assert headlines(mailwarden.topic) == [
        "CRITICAL: pool shop1 cannot send mail: no sending policy allows it",
        "CRITICAL, UPDATE: pool shop1 cannot send mail: a sending policy denies it",
        "RESOLVED: pool shop1 can send mail again",
    ]


def test_pools_of_which_two_rules_find_something_are_counted_once() -> None:
    mailwarden = allowed_then_denied(3)

    assert headlines(mailwarden.topic)[-2:] == [
        "CRITICAL, UPDATE: 3 pools cannot send mail: a sending policy denies it",
        "RESOLVED: 3 pools can send mail again",
    ]
    assert not any("Progress" in text_of(alert) for alert in mailwarden.topic.told)


def test_an_identity_that_is_created_again_and_verified_is_announced_at_each_step() -> None:
    sender = identity_ref()
    shop = pool(email=developer(sender))
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(shop)
    pending = replace(identity(), verified_for_sending=False, verification_status=VerificationStatus.PENDING)
    for now in (None, pending, identity()):
        if now is not None:
            mailwarden.hold(now)
        look_at(mailwarden, shop, call="CreateEmailIdentity")
        minutes(mailwarden, 3)

    assert headlines(mailwarden.topic) == [
        "CRITICAL: pool shop cannot send mail: the SES identity does not exist",
        "CRITICAL, UPDATE: pool shop cannot send mail: the SES identity is not verified",
        "RESOLVED: pool shop can send mail again",
    ]


def test_the_rules_that_judge_the_policies_for_one_pool_are_known() -> None:
    found = {rule.rule_id for rule in ALL if rule.root_cause is sending_policies}

    assert found == OF_SENDING_POLICIES
    assert {rule.subject_kind for rule in ALL if rule.rule_id in found} == {SubjectKind.POOL}
