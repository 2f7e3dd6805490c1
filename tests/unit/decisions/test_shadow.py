"""What RepairMode `safe` would have written while it was off, and how the cases end without it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.mail_path.look_record import ShadowCase
from mailwarden.domain.readings import EmailConfiguration, ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.domain.repair.shadow import EndedCase, ShadowEnding
from mailwarden.message import message
from tests.builders import NOON, custom_from, developer, identity, identity_ref, pool, sending_policy, unread
from tests.fakes.deployment import Deployment, cause

SENDER = identity_ref("hello@example.com", region="us-west-2")
MISPLACED = identity_ref("hello@example.com", region="us-east-1")
SEOUL = pool("ap-northeast-2", email=custom_from(SENDER))
PARIS = pool("eu-west-3", email=developer(MISPLACED))
OPENED = {"mailwarden:cognito": "account"}


def ungranted() -> Deployment:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(SEOUL, identity("hello@example.com", region="us-west-2", tags=OPENED))
    return mailwarden


def misplaced(mode: RepairMode = RepairMode.OFF) -> Deployment:
    mailwarden = Deployment(mode=mode)
    mailwarden.hold(PARIS, *(identity("hello@example.com", region=region) for region in ("us-east-1", "eu-west-3")))
    return mailwarden


def going_on(mailwarden: Deployment) -> tuple[ShadowCase, ...]:
    return tuple(case for look in mailwarden.ledger.looks.held.values() for case in look.shadow)


def ended(mailwarden: Deployment) -> tuple[EndedCase, ...]:
    return mailwarden.ledger.shadow_cases.ended_since(NOON.date(), until=NOON.date() + timedelta(days=9))


def move_as_proposed(mailwarden: Deployment) -> None:
    mailwarden.hold(replace(PARIS, email=developer(replace(MISPLACED, region="eu-west-3"))))


def move_otherwise(mailwarden: Deployment) -> None:
    mailwarden.hold(replace(PARIS, email=EmailConfiguration()))


def allow_pool(mailwarden: Deployment) -> None:
    policies = {"theirs": sending_policy(SENDER, SEOUL.ref)}
    mailwarden.hold(identity("hello@example.com", region="us-west-2", tags=OPENED, policies=policies))


def leave_identity(mailwarden: Deployment) -> None:
    mailwarden.hold(replace(SEOUL, email=EmailConfiguration()))


@pytest.mark.parametrize(
    ("deployed", "hurt", "rule_id", "mend", "ending"),
    [
        (misplaced, PARIS, "MW201", move_as_proposed, ShadowEnding.AS_PROPOSED),
        (misplaced, PARIS, "MW201", move_otherwise, ShadowEnding.OTHERWISE),
        (ungranted, SEOUL, "MW401", allow_pool, ShadowEnding.AS_PROPOSED),
        (ungranted, SEOUL, "MW401", leave_identity, ShadowEnding.OTHERWISE),
    ],
)
def test_the_end_of_a_case_tells_what_others_did(
    deployed: Callable[[], Deployment],
    hurt: object,
    rule_id: str,
    mend: Callable[[Deployment], None],
    ending: ShadowEnding,
) -> None:
    mailwarden, ref = deployed(), (PARIS if hurt is PARIS else SEOUL).ref
    mailwarden.settle_down(PoolHint(pool=ref, cause=cause("UpdateUserPool")))
    [case] = going_on(mailwarden)
    mailwarden.clock.pass_by(hours=3)
    mailwarden.settle_down(PoolHint(pool=ref))
    assert going_on(mailwarden) == (case,)
    mend(mailwarden)
    call = cause("SomeCall", event_id="e-2", at=mailwarden.clock.at)

    mailwarden.settle_down(PoolHint(pool=ref, cause=call))

    [over] = ended(mailwarden)
    assert mailwarden.written == []
    assert (case.rule_id, case.withheld) == (rule_id, None)
    assert (over.case, over.ending, over.pool) == (case, ending, ref)
    look = mailwarden.ledger.looks.last(ref)
    assert look is not None
    assert (over.cause, over.verdict) == (call, look.answer)
    assert timedelta(hours=3) <= over.lasted < timedelta(hours=3, minutes=5)
    assert going_on(mailwarden) == ()


def test_a_problem_that_passes_without_a_change_of_the_resource_ended_by_itself() -> None:
    mailwarden = misplaced()
    mailwarden.settle_down(PoolHint(pool=PARIS.ref))
    look, sound = mailwarden.ledger.looks.held[PARIS.ref], developer(replace(MISPLACED, region="eu-west-3"))
    # As if AWS had refused a region then that it allows now: the pool is as it was.
    [case] = look.shadow
    mailwarden.ledger.looks.held[PARIS.ref] = replace(
        look, shadow=(replace(case, email=sound, wanted=developer(MISPLACED)),)
    )
    mailwarden.hold(replace(PARIS, email=sound))

    mailwarden.settle_down(PoolHint(pool=PARIS.ref))

    assert [each.ending for each in ended(mailwarden)] == [ShadowEnding.BY_ITSELF]


def test_a_pool_that_is_deleted_ends_its_cases_and_the_call_is_told() -> None:
    mailwarden = misplaced()
    mailwarden.settle_down(PoolHint(pool=PARIS.ref))
    del mailwarden.pools.held[PARIS.ref]
    call = cause("DeleteUserPool", event_id="e-2", at=mailwarden.clock.at)

    mailwarden.settle_down(PoolHint(pool=PARIS.ref, cause=call))

    assert [(each.ending, each.cause) for each in ended(mailwarden)] == [(ShadowEnding.POOL_GONE, call)]


def test_a_mode_that_repairs_ends_the_cases() -> None:
    mailwarden = misplaced()
    mailwarden.settle_down(PoolHint(pool=PARIS.ref))
    mailwarden.mode = RepairMode.SAFE

    mailwarden.settle_down(PoolHint(pool=PARIS.ref))

    assert [each.ending for each in ended(mailwarden)] == [ShadowEnding.MODE_CHANGED]
    assert len(mailwarden.written) == 1


def test_a_refused_read_ends_nothing() -> None:
    mailwarden = ungranted()
    mailwarden.settle_down(PoolHint(pool=SEOUL.ref))
    case = going_on(mailwarden)
    mailwarden.identities.held[SENDER] = unread("ses:GetEmailIdentity", "us-west-2")

    mailwarden.settle_down(PoolHint(pool=SEOUL.ref))

    assert len(case) == 1
    assert going_on(mailwarden) == case
    assert ended(mailwarden) == ()


@pytest.mark.parametrize(
    ("tags", "limits", "reason"),
    [
        ({"mailwarden": "report"}, Limits(), "decision.pool-exempt"),
        ({}, Limits(rule_modes={"MW401": RuleMode.REPORT}), "decision.rule-only-reports"),
    ],
)
def test_the_reason_that_would_have_withheld_the_fix_is_kept(tags: dict[str, str], limits: Limits, reason: str) -> None:
    mailwarden = Deployment(limits=replace(limits, repair_mode=RepairMode.OFF))
    mailwarden.hold(replace(SEOUL, tags=tags), identity("hello@example.com", region="us-west-2", tags=OPENED))

    mailwarden.settle_down(PoolHint(pool=SEOUL.ref))

    [case] = going_on(mailwarden)
    assert case.withheld is not None
    assert case.withheld.id == reason


def test_without_consent_the_fix_would_have_been_withheld() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(SEOUL, identity("hello@example.com", region="us-west-2"))

    mailwarden.settle_down(PoolHint(pool=SEOUL.ref))

    [case] = going_on(mailwarden)
    assert case.withheld is not None
    assert case.withheld.id in {"decision.no-consent", "decision.fix-not-safe"}


@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.UNSAFE])
def test_a_mode_that_repairs_has_no_shadow(mode: RepairMode) -> None:
    mailwarden = misplaced(mode)

    mailwarden.settle_down(PoolHint(pool=PARIS.ref))

    assert (going_on(mailwarden), ended(mailwarden)) == ((), ())


def test_what_is_silenced_or_stopped_has_no_shadow() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(
        replace(SEOUL, tags={"mailwarden": "off"}), identity("hello@example.com", region="us-west-2", tags=OPENED)
    )
    mailwarden.settle_down(PoolHint(pool=SEOUL.ref))

    assert going_on(mailwarden) == ()
    assert mailwarden.finding("MW401", SEOUL.ref.arn).write.reason == message(
        "decision.pool-exempt", exemption=message("exemption.tag", tag="mailwarden", word="off")
    )


def test_the_missing_role_is_a_case_too() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    hurt = pool("us-east-1", email=developer(MISPLACED))
    mailwarden.hold(hurt, identity("hello@example.com", region="us-east-1"))
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    mailwarden.settle_down(PoolHint(pool=hurt.ref))
    [case] = going_on(mailwarden)
    mailwarden.role.held = ServiceLinkedRole.PRESENT

    mailwarden.settle_down(PoolHint(pool=hurt.ref))

    assert (case.rule_id, case.wanted, case.policies) == ("MW409", None, None)
    assert [each.ending for each in ended(mailwarden)] == [ShadowEnding.AS_PROPOSED]
