"""What the ledger promises about looks and the reverse index: the same in memory and in DynamoDB."""

import json
from dataclasses import replace
from datetime import date

from mailwarden.domain.known_good.notices import KnownNotices
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.known_good.verification import KnownVerification
from mailwarden.domain.mail_path.exemption import ExemptionWish, KnownExemption
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration, SenderMode, ThreatNotices
from mailwarden.domain.refs.call_words import EmailWord, NoticesWord, VerificationWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.message import message
from tests.fakes.examples import (
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_look,
    a_pool,
    later,
)
from tests.fakes.ledger.roles import LedgerRoles

PARIS_IDENTITY = replace(OREGON_IDENTITY, region="eu-west-3")
# Any text that JSON holds, half a surrogate pair as well.
TAKEOVER = json.dumps({"NotifyConfiguration": {"BlockEmail": {"HtmlBody": "<p>로그인</p>" * 500}}}) + "\ud800"
NOTICES = KnownNotices(
    sender=ThreatNotices(
        source_arn=OREGON_IDENTITY.arn,
        from_address="security@example.com",
        reply_to="help@example.com",
        takeover=TAKEOVER,
    ),
    found_at=MORNING,
)


def test_knows_nothing_of_a_pool_that_nobody_looked_at(ledger: LedgerRoles) -> None:
    assert ledger.looks.last(SEOUL_POOL) is None
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == ()


def test_gives_a_look_back_as_it_was_put(ledger: LedgerRoles) -> None:
    keys = (
        FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW401"),
        FindingKey(subject_arn=OREGON_ACCOUNT.arn, rule_id="MW501"),
    )
    look = a_look(findings=keys, answer=Answer.AT_RISK, deciding=Link.CONFIGURATION_SET)

    kept = ledger.looks.put(look)

    assert kept
    assert ledger.looks.last(SEOUL_POOL) == look


def test_gives_the_exemptions_of_a_look_back(ledger: LedgerRoles) -> None:
    wish = ExemptionWish(word="off", until=date(2027, 1, 31), reason="migration")
    flaw = message("exemption.not-a-date", tag="mailwarden", until="2026-02-30")
    for said in (wish, replace(wish, until=None, reason=""), flaw):
        exemptions = tuple(KnownExemption(subject=subject, said=said) for subject in (SEOUL_POOL, OREGON_IDENTITY))
        look = replace(a_look(at=later(1)), exemptions=exemptions)
        ledger.looks.forget(SEOUL_POOL, at=MORNING)

        assert ledger.looks.put(look)
        assert ledger.looks.last(SEOUL_POOL) == look
        assert ledger.looks.last_of({SEOUL_POOL}) == {SEOUL_POOL: look}


def test_gives_a_look_back_that_found_and_uses_nothing(ledger: LedgerRoles) -> None:
    look = a_look(uses=())

    ledger.looks.put(look)

    assert ledger.looks.last(SEOUL_POOL) == look


def test_a_newer_look_takes_the_place_of_an_older_one(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(1)))

    kept = ledger.looks.put(a_look(at=later(2), answer=Answer.NO, deciding=Link.REGION))

    assert kept
    assert ledger.looks.last(SEOUL_POOL) == a_look(at=later(2), answer=Answer.NO, deciding=Link.REGION)


def test_an_older_look_never_wins(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(2)))

    kept = ledger.looks.put(a_look(at=later(1), answer=Answer.NO, uses=(PARIS_IDENTITY.arn,)))

    assert not kept
    assert ledger.looks.last(SEOUL_POOL) == a_look(at=later(2))
    assert ledger.resources_in_use.pools_using(PARIS_IDENTITY) == ()


def test_the_same_look_may_be_put_again(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look())

    kept = ledger.looks.put(a_look())

    assert kept
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (SEOUL_POOL,)


def test_a_microsecond_decides(ledger: LedgerRoles) -> None:
    newer = a_look(at=later(0).replace(microsecond=125_001))
    ledger.looks.put(newer)

    kept = ledger.looks.put(a_look(at=later(0).replace(microsecond=125_000)))

    assert not kept
    assert ledger.looks.last(SEOUL_POOL) == newer


def test_finds_the_pools_that_use_a_thing_in_the_order_of_their_arns(ledger: LedgerRoles) -> None:
    for number in (3, 1, 2):
        ledger.looks.put(a_look(a_pool(number)))
    ledger.looks.put(a_look(a_pool(4), uses=(PARIS_IDENTITY.arn,)))

    using = ledger.resources_in_use.pools_using(OREGON_IDENTITY)

    assert using == (a_pool(1), a_pool(2), a_pool(3))
    assert ledger.resources_in_use.pools_using(PARIS_IDENTITY) == (a_pool(4),)


def test_an_identity_whose_name_begins_like_another_is_another(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(uses=(replace(OREGON_IDENTITY, name="shop.example.org").arn,)))

    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == ()


def test_what_a_pool_no_longer_uses_no_longer_leads_to_it(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(1), uses=(OREGON_IDENTITY.arn, OREGON_ACCOUNT.arn)))

    ledger.looks.put(a_look(at=later(2), uses=(PARIS_IDENTITY.arn, OREGON_ACCOUNT.arn)))

    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == ()
    assert ledger.resources_in_use.pools_using(OREGON_ACCOUNT) == (SEOUL_POOL,)
    assert ledger.resources_in_use.pools_using(PARIS_IDENTITY) == (SEOUL_POOL,)


def test_a_forgotten_pool_leaves_nothing(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(1)))
    ledger.looks.put(a_look(a_pool(2), at=later(1)))

    ledger.looks.forget(SEOUL_POOL, at=later(2))

    assert ledger.looks.last(SEOUL_POOL) is None
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (a_pool(2),)


def test_a_pool_seen_after_it_was_said_to_be_gone_is_not_forgotten(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(3)))

    ledger.looks.forget(SEOUL_POOL, at=later(2))

    assert ledger.looks.last(SEOUL_POOL) == a_look(at=later(3))
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (SEOUL_POOL,)


def test_a_look_from_before_the_pool_was_gone_does_not_bring_it_back(ledger: LedgerRoles) -> None:
    ledger.looks.forget(SEOUL_POOL, at=later(2))

    kept = ledger.looks.put(a_look(at=later(1)))

    assert not kept
    assert ledger.looks.last(SEOUL_POOL) is None
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == ()


def test_a_look_from_after_the_pool_was_gone_brings_it_back(ledger: LedgerRoles) -> None:
    ledger.looks.forget(SEOUL_POOL, at=later(2))

    kept = ledger.looks.put(a_look(at=later(3)))

    assert kept
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (SEOUL_POOL,)


def test_forgetting_twice_is_forgetting_once(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(1)))

    ledger.looks.forget(SEOUL_POOL, at=later(2))
    ledger.looks.forget(SEOUL_POOL, at=later(2))

    assert ledger.looks.last(SEOUL_POOL) is None


def test_a_look_takes_the_place_of_the_one_it_was_computed_from(ledger: LedgerRoles) -> None:
    first, second = a_look(at=later(1)), a_look(at=later(2), uses=(PARIS_IDENTITY.arn,))

    kept = [ledger.looks.replace(None, first), ledger.looks.replace(first, second)]

    assert kept == [True, True]
    assert ledger.looks.last(SEOUL_POOL) == second
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == ()
    assert ledger.resources_in_use.pools_using(PARIS_IDENTITY) == (SEOUL_POOL,)


def test_a_look_takes_the_place_of_no_other_whether_newer_or_older(ledger: LedgerRoles) -> None:
    known, stored = a_look(at=later(1)), a_look(at=later(3))
    ledger.looks.put(stored)

    kept = [
        ledger.looks.replace(last, a_look(at=at, uses=(PARIS_IDENTITY.arn,)))
        for last in (None, known)
        for at in (later(2), later(4))
    ]

    assert kept == [False] * 4
    assert ledger.looks.last(SEOUL_POOL) == stored
    assert ledger.resources_in_use.pools_using(PARIS_IDENTITY) == ()


def test_a_look_computed_from_none_brings_back_a_pool_that_was_gone_before_and_no_other(ledger: LedgerRoles) -> None:
    ledger.looks.forget(SEOUL_POOL, at=later(2))

    kept = [ledger.looks.replace(None, a_look(at=later(minutes))) for minutes in (1, 3)]

    assert kept == [False, True]
    assert ledger.looks.last(SEOUL_POOL) == a_look(at=later(3))
    assert ledger.resources_in_use.pools_using(OREGON_IDENTITY) == (SEOUL_POOL,)


def test_a_look_computed_from_one_that_is_gone_is_not_kept(ledger: LedgerRoles) -> None:
    known = a_look(at=later(1))
    ledger.looks.put(known)
    ledger.looks.forget(SEOUL_POOL, at=later(2))

    assert not ledger.looks.replace(known, a_look(at=later(3)))
    assert ledger.looks.last(SEOUL_POOL) is None


def test_a_look_remembers_what_a_person_undid(ledger: LedgerRoles) -> None:
    undone = (
        UndoneRepair(
            undo_id="e-1", at=MORNING, resource=OREGON_IDENTITY.arn, rules=("MW401", "MW403"), state="0f" * 32
        ),
        UndoneRepair(undo_id="e-2", at=later(1), resource=SEOUL_POOL.arn, rules=("MW201",), confirmed=False),
    )
    look = replace(a_look(), undone=undone)

    assert ledger.looks.put(look)

    assert ledger.looks.last(SEOUL_POOL) == look


def test_gives_the_expectations_of_a_look_back(ledger: LedgerRoles) -> None:
    call = Cause(
        event_name="UpdateUserPool",
        event_id="e-1",
        actor="alice",
        user_agent="aws-cli",
        region="ap-northeast-2",
        at=MORNING,
        email=EmailWord.ABSENT,
        verification=VerificationWord.HIDDEN,
    )
    risks = replace(call, event_name="SetRiskConfiguration", email=None, verification=None, notices=NoticesWord.ABSENT)
    known = KnownGood(
        email=EmailConfiguration(sending_account=SenderMode.DEVELOPER, source_arn=OREGON_IDENTITY.arn),
        standing=Standing.HELD,
        since=MORNING,
        modified=MORNING,
        settings={"AutoVerifiedAttributes": "email"},
        calls=(call,),
        found_at=later(1),
    )
    look = a_look(at=later(2))

    for known_good in (known, replace(known, found_at=None), None):
        ledger.looks.forget(SEOUL_POOL, at=MORNING)
        verification = None if known_good is None else KnownVerification(modified=MORNING, calls=(call,))
        notices = None if known_good is None else replace(NOTICES, missing_since=known_good.found_at, calls=(risks,))
        expected = replace(look, known_good=known_good, verification=verification, notices=notices)
        assert ledger.looks.put(expected)
        assert ledger.looks.last(SEOUL_POOL) == expected
