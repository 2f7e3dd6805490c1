"""The main job with everything in memory: seen, explained, repaired, announced; and when it keeps its hands off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import EmailConfiguration, Identity, Pool, ServiceLinkedRole
from mailwarden.domain.refs.hints import EverywhereHint, IdentityHint, PoolHint, RegionHint
from mailwarden.domain.repair.journal import Refused
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.message import message, verbatim
from mailwarden.ports.repair.stacks import Owned
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import custom_from, developer, identity, identity_ref, pool, pool_ref, sending_policy
from tests.fakes.deployment import Deployment, cause, hint, order
from tests.texts import english

OPEN_TO_ALL = {"mailwarden:cognito": "account"}


def unauthorized(*, tags: dict[str, str] | None = None, pool_id: str = "ap-northeast-2_A") -> tuple[Pool, Identity]:
    """A Seoul pool on the default sender with a custom FROM, whose identity has no policy."""
    sender = identity_ref("hello@example.com", region="us-west-2")
    return (
        pool("ap-northeast-2", pool_id=pool_id, email=custom_from(sender)),
        identity("hello@example.com", region="us-west-2", tags=OPEN_TO_ALL if tags is None else tags),
    )


def misplaced() -> tuple[Pool, Identity, Identity]:
    """A Paris pool on an identity in us-east-1, with the same identity verified in Paris."""
    sender = identity_ref("hello@example.com", region="us-east-1")
    return (
        pool("eu-west-3", email=developer(sender)),
        identity("hello@example.com", region="us-east-1"),
        identity("hello@example.com", region="eu-west-3"),
    )


def test_a_missing_grant_is_written_and_told_once() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken), echo=lambda _: IdentityHint(identity=sender.ref, cause=cause("Update…")))

    record = mailwarden.finding("MW401", broken.ref.arn)
    look = mailwarden.ledger.looks.last(broken.ref)
    assert len(mailwarden.written) == 1
    assert mailwarden.told() == [("MW401", "repaired")]
    assert record.lifecycle.state is FindingState.REPAIRED
    assert record.write.undo_id in mailwarden.journal.outcomes
    assert record.seen.cause == cause()
    assert look is not None
    assert look.answer is Answer.YES


def test_duplicates_reordered_and_late_events_change_nothing_more() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken), hint(broken), IdentityHint(identity=sender.ref, cause=cause()))
    mailwarden.inspect(hint(broken, event_id="e-1"))

    mailwarden.settle_down(hint(broken, event_id="e-0"))
    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(hint(broken, event_id="e-1"), hint(broken, event_id="e-0"))

    assert len(mailwarden.written) == 1
    assert mailwarden.told() == [("MW401", "repaired")]


def test_a_pool_outside_its_regions_is_moved_to_the_same_identity() -> None:
    broken, old, new = misplaced()
    mailwarden = Deployment()
    mailwarden.hold(broken, old, new)

    mailwarden.settle_down(hint(broken))

    moved = mailwarden.pools.held[broken.ref]
    assert isinstance(moved, Pool)
    assert moved.email == replace(broken.email, source_arn=new.ref.arn)
    assert mailwarden.told() == [("MW201", "repaired")]


def test_a_missing_service_linked_role_is_created_once_for_all_pools() -> None:
    sender = identity()
    first, second = (pool(pool_id=f"us-east-1_{n}", email=developer(sender.ref)) for n in "AB")
    mailwarden = Deployment()
    mailwarden.hold(first, second, sender)
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    mailwarden.settle_down(hint(first), hint(second))

    assert len(mailwarden.written) == 1
    assert [state for _, state in mailwarden.told()].count("open") == 0
    assert {mailwarden.finding("MW409", each.ref.arn).lifecycle.state for each in (first, second)} <= {
        FindingState.REPAIRED,
        FindingState.RESOLVED,
    }


def test_one_policy_is_written_for_all_pools_that_need_the_identity() -> None:
    pools = [unauthorized(pool_id=f"ap-northeast-2_{n}")[0] for n in range(5)]
    sender = unauthorized()[1]
    mailwarden = Deployment()
    mailwarden.hold(*pools, sender)

    mailwarden.settle_down(*(hint(each) for each in pools))

    live = mailwarden.identities.held[sender.ref]
    assert isinstance(live, Identity)
    assert len(mailwarden.written) == 1
    assert list(live.policies) == ["mailwarden-cognito"]
    assert all(each.ref.arn in live.policies["mailwarden-cognito"] for each in pools)
    assert mailwarden.told() == [("MW401", "repaired")]
    assert mailwarden.topic.told[0].report.extent.pool_count == 5


def test_without_consent_the_exact_write_is_reported_and_withheld() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment(mode=RepairMode.UNSAFE)
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken))

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert mailwarden.written == []
    assert mailwarden.told() == [("MW401", "open")]
    assert record.write.handling is Handling.WITHHELD
    assert "has not opened it" in english(record.write.reason)
    assert record.write.proposed is not None
    assert broken.ref.arn in record.write.proposed.after


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(), "RepairMode is off"),
        (Limits(repair_mode=RepairMode.SAFE, rule_modes={"MW401": RuleMode.REPORT}), "only report"),
        (Limits(repair_mode=RepairMode.UNSAFE, closed_because=verbatim("not JSON")), "cannot be relied on"),
    ],
)
def test_what_is_not_allowed_is_reported_with_the_reason(limits: Limits, reason: str) -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(limits=limits)
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert reason in english(mailwarden.finding("MW401", broken.ref.arn).write.reason)
    assert mailwarden.told() == [("MW401", "open")]


def test_a_rule_that_is_off_says_nothing() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(limits=Limits(repair_mode=RepairMode.SAFE, rule_modes={"MW401": RuleMode.OFF}))
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken))

    assert mailwarden.told() == []


def test_an_exempt_pool_is_neither_written_nor_announced_but_kept() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(replace(broken, tags={"mailwarden": "off until=2026-12-31 reason=migration"}), sender)

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert mailwarden.told() == []
    assert mailwarden.finding("MW401", broken.ref.arn).lifecycle.state is FindingState.EXEMPT


def test_an_expired_exemption_no_longer_counts() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(replace(broken, tags={"mailwarden": "off until=2026-03-01"}), sender)

    mailwarden.settle_down(hint(broken))

    assert len(mailwarden.written) == 1


def test_a_pool_with_members_the_sdk_does_not_know_is_not_written() -> None:
    broken, old, new = misplaced()
    mailwarden = Deployment()
    mailwarden.hold(replace(broken, unknown_members=("UserPool.DcrConfiguration",)), old, new)

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert "UserPool.DcrConfiguration" in english(mailwarden.finding("MW201", broken.ref.arn).write.reason)


def test_a_pool_owned_by_a_stack_is_reported_and_not_written() -> None:
    broken, old, new = misplaced()
    mailwarden = Deployment()
    mailwarden.hold(broken, old, new)
    mailwarden.stacks.owners[broken.ref] = Owned(by=message("owner.stack", name="identity-prod"))

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert "identity-prod" in english(mailwarden.finding("MW201", broken.ref.arn).write.reason)
    assert mailwarden.told() == [("MW201", "open")]


def test_what_aws_refuses_is_announced_and_not_tried_again_by_itself() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(answer=Refused(reason=verbatim("AccessDenied")))
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken))

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert record.write.handling is Handling.FAILED
    assert "AccessDenied" in english(record.write.reason)
    assert mailwarden.told() == [("MW401", "open")]


def test_a_spent_budget_lets_a_repair_wait_and_its_alert_too() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(budget=Budget(per_account=0, per_pool=5))
    mailwarden.hold(broken, sender)

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert mailwarden.told() == []
    assert mailwarden.finding("MW401", broken.ref.arn).write.reason == message("budget.account-spent", limit=0)


def test_what_is_undone_three_times_in_a_week_is_a_fight_and_ends_repairs() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken)

    for _ in range(4):
        mailwarden.hold(sender)
        mailwarden.clock.pass_by(minutes=61)
        mailwarden.settle_down(hint(broken))

    assert len(mailwarden.written) == 3
    assert "when a person releases it" in english(mailwarden.finding("MW401", broken.ref.arn).write.reason)


def test_a_forged_order_for_a_sound_pool_writes_nothing() -> None:
    broken, sender = unauthorized()
    sound = replace(sender, policies={"theirs": sending_policy(sender.ref, broken.ref)})
    mailwarden = Deployment(mode=RepairMode.UNSAFE)
    mailwarden.hold(broken, sound)

    done = mailwarden.repairer().repair(order(broken, "MW401"))

    assert mailwarden.written == []
    assert done.outcome is None


def test_a_breakage_that_its_owner_mends_before_the_repair_is_never_told() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    mailwarden.hold(replace(sender, policies={"theirs": sending_policy(sender.ref, broken.ref)}))

    mailwarden.repair()

    assert mailwarden.written == []
    assert mailwarden.told() == []
    assert mailwarden.finding("MW401", broken.ref.arn).lifecycle.state is FindingState.RESOLVED


def test_a_repair_that_never_comes_is_told_as_open_after_the_patience() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    mailwarden.repairs.take_all()
    mailwarden.announcer().announce_waiting()
    assert mailwarden.told() == []

    mailwarden.clock.pass_by(minutes=3)
    mailwarden.announcer().announce_waiting()

    assert mailwarden.told() == [("MW401", "open")]


def test_a_channel_that_was_down_is_told_later_and_the_others_once() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.chat.failures = 1
    with pytest.raises(ExceptionGroup):
        mailwarden.inspect(hint(broken))

    mailwarden.clock.pass_by(minutes=2)
    mailwarden.announcer().announce_waiting()

    assert mailwarden.told() == [("MW401", "open")]
    assert len(mailwarden.chat.told) == 1


def test_an_older_look_never_wins() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, replace(sender, policies={"theirs": sending_policy(sender.ref, broken.ref)}))
    mailwarden.inspect(hint(broken))
    mailwarden.hold(sender)

    swept = mailwarden.inspect(PoolHint(pool=broken.ref))

    assert english(swept[0].note) == "a newer look is known"
    assert mailwarden.told() == []


def test_a_pool_that_is_gone_takes_its_findings_with_it() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    del mailwarden.pools.held[broken.ref]

    mailwarden.inspect(hint(broken))

    assert mailwarden.told() == [("MW401", "open"), ("MW401", "resolved")]
    assert mailwarden.ledger.resources_in_use.pools_using(sender.ref) == ()


def test_an_identity_nobody_uses_concerns_nobody_once_every_region_was_swept() -> None:
    mailwarden = Deployment(watched_regions=("us-east-1", "eu-west-1"))
    nobodys = IdentityHint(identity=identity_ref("nobody.example"), cause=cause())

    mailwarden.inspect(nobodys)
    before = mailwarden.hints.take_all()
    for region in mailwarden.watched_regions:
        mailwarden.ledger.known_pools.mark_swept(region, at=mailwarden.clock.now())
    mailwarden.inspect(nobodys)

    assert [passed.region for passed in before if isinstance(passed, RegionHint)] == ["us-east-1", "eu-west-1"]
    assert mailwarden.hints.take_all() == []


def test_pools_of_regions_that_are_not_watched_are_left_alone() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(watched_regions=("eu-west-1",))
    mailwarden.hold(broken, sender)

    looked = mailwarden.inspect(hint(broken), RegionHint(region="ap-northeast-2", cause=cause()))

    assert looked == []
    assert mailwarden.hints.take_all() == []


def test_everywhere_means_every_watched_region() -> None:
    mailwarden = Deployment(watched_regions=("us-east-1", "eu-west-1"))

    mailwarden.inspect(EverywhereHint(cause=cause("DeleteServiceLinkedRole")))

    assert len(mailwarden.hints.take_all()) == 2


def test_a_region_is_spread_at_a_third_of_the_published_rate() -> None:
    mailwarden = Deployment()
    refs = [pool_ref(pool_id=f"us-east-1_{n}") for n in range(300)]
    mailwarden.hold(*(pool(pool_id=ref.pool_id, email=EmailConfiguration()) for ref in refs))

    mailwarden.inspect(RegionHint(region="us-east-1"))

    delays = [delayed.delay for delayed in mailwarden.hints.waiting]
    assert len(delays) == 300
    assert max(delays) == timedelta(seconds=59)
    assert max(delays.count(delay) for delay in delays) == 5
