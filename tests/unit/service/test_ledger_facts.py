"""What the ledger knows of a pool goes into each look: changes nobody heard of, and failed deliveries."""

from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.reputation.thresholds import Thresholds
from tests.builders import configuration_set, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause

SENDER = developer(identity_ref(), configuration_set="mail")
SHOP = replace(pool(email=SENDER), tags={})


def deployed(thresholds: Thresholds | None = None) -> Deployment:
    mailwarden = Deployment(thresholds=thresholds or Thresholds())
    mailwarden.hold(SHOP, identity(), configuration_set())
    return mailwarden


def change_unheard(mailwarden: Deployment) -> None:
    moved = replace(SENDER, reply_to="help@example.com")
    mailwarden.hold(replace(SHOP, email=moved, last_modified=mailwarden.clock.at))


def rules_told(mailwarden: Deployment, rule_id: str) -> list[str]:
    return [state for rule, state in mailwarden.told() if rule == rule_id]


def test_a_change_that_only_the_sweep_found_is_told_after_half_an_hour_and_over_with_the_next_event() -> None:
    mailwarden = deployed()
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.clock.pass_by(hours=1)
    change_unheard(mailwarden)

    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    at_first = rules_told(mailwarden, "MW902")
    mailwarden.clock.pass_by(minutes=50)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    later = rules_told(mailwarden, "MW902")
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=cause(at=mailwarden.clock.at)))

    assert (at_first, later) == ([], ["open"])
    assert rules_told(mailwarden, "MW902") == ["open", "resolved"]


def test_a_change_whose_event_comes_late_is_never_told() -> None:
    mailwarden = deployed()
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.clock.pass_by(hours=1)
    change_unheard(mailwarden)
    made_at = mailwarden.clock.at

    mailwarden.clock.pass_by(minutes=20)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=cause(at=made_at)))
    mailwarden.clock.pass_by(hours=2)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))

    assert rules_told(mailwarden, "MW902") == []


def test_the_first_look_at_a_pool_and_the_looks_after_it_say_nothing() -> None:
    mailwarden = deployed()

    for _ in range(5):
        mailwarden.inspect(PoolHint(pool=SHOP.ref))
        mailwarden.clock.pass_by(hours=1)

    assert rules_told(mailwarden, "MW902") == []


def test_the_grace_is_the_operators() -> None:
    mailwarden = deployed(thresholds=Thresholds(unannounced_grace=timedelta(hours=3)))
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.clock.pass_by(hours=1)
    change_unheard(mailwarden)

    mailwarden.clock.pass_by(hours=2)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))

    assert rules_told(mailwarden, "MW902") == []


def test_failed_deliveries_are_one_finding_until_none_was_seen_for_six_hours() -> None:
    mailwarden = deployed()
    at = mailwarden.clock.at
    failures = DeliveryFailures(first=at, last=at, number=3, last_call="SignUp", last_code="CodeDeliveryFailure")
    mailwarden.ledger.failures.add(SHOP.ref, failures, quiet=timedelta(hours=6))

    for _ in range(8):
        mailwarden.clock.pass_by(hours=1)
        mailwarden.inspect(PoolHint(pool=SHOP.ref))

    assert rules_told(mailwarden, "MW801") == ["open", "resolved"]
    record = mailwarden.finding("MW801", SHOP.ref.arn)
    assert record.finding.evidence["number"] == "3"


def test_failures_that_are_older_than_a_sound_look_are_not_told() -> None:
    mailwarden = deployed()
    failed_at = mailwarden.clock.at
    mailwarden.clock.pass_by(seconds=64)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    failures = DeliveryFailures(
        first=failed_at, last=failed_at, number=1, last_call="SignUp", last_code="InvalidEmailRoleAccessPolicyException"
    )
    mailwarden.ledger.failures.add(SHOP.ref, failures, quiet=timedelta(hours=6))

    for _ in range(3):
        mailwarden.clock.pass_by(minutes=10)
        mailwarden.inspect(PoolHint(pool=SHOP.ref, asks_anew=True))
    before = rules_told(mailwarden, "MW801")
    later = replace(failures, first=mailwarden.clock.at, last=mailwarden.clock.at)
    mailwarden.ledger.failures.add(SHOP.ref, later, quiet=timedelta(hours=6))
    for _ in range(2):
        mailwarden.clock.pass_by(minutes=10)
        mailwarden.inspect(PoolHint(pool=SHOP.ref, asks_anew=True))

    assert before == []
    assert rules_told(mailwarden, "MW801") == ["open"]


def test_a_look_because_of_failures_counts_although_a_change_was_looked_at_a_moment_before() -> None:
    mailwarden = deployed()
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=cause()))
    at = mailwarden.clock.at
    failures = DeliveryFailures(first=at, last=at, number=3, last_call="SignUp", last_code="CodeDeliveryFailure")
    mailwarden.ledger.failures.add(SHOP.ref, failures, quiet=timedelta(hours=6))
    mailwarden.clock.pass_by(seconds=5)

    mailwarden.inspect(PoolHint(pool=SHOP.ref), PoolHint(pool=SHOP.ref, asks_anew=True))

    assert rules_told(mailwarden, "MW801") == ["open"]


def test_failed_deliveries_change_neither_the_verdict_nor_what_may_be_repaired() -> None:
    sound, failing = deployed(), deployed()
    at = failing.clock.at
    failures = DeliveryFailures(first=at, last=at, number=3, last_call="SignUp", last_code="CodeDeliveryFailure")
    failing.ledger.failures.add(SHOP.ref, failures, quiet=timedelta(hours=6))

    (before,), (after,) = sound.inspect(PoolHint(pool=SHOP.ref)), failing.inspect(PoolHint(pool=SHOP.ref))

    assert before.verdict is not None
    assert after.verdict is not None
    assert after.verdict.answer == before.verdict.answer
    assert after.verdict.deciding == before.verdict.deciding
