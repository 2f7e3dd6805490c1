"""A notice shows what is needed, within bounds, and no address of a person."""

from dataclasses import fields, replace

import pytest

from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, Subject
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.notice import notice_of
from tests.fakes.examples import (
    ACCOUNT,
    MORNING,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_cause,
    a_pool,
    a_proposed_write,
    a_record,
    later,
)
from tests.unit.presentation.notices import a_notice

ADDRESS_IDENTITY = IdentityRef(partition="aws", region="us-west-2", account=ACCOUNT, name="support@shop.example")
JANE = "jane.doe@corp.example"
MASKED_JANE = "j***@corp.example"


def test_masks_addresses_in_every_text_from_outside() -> None:
    said = f"said by {JANE}"
    notice = a_notice(
        message=verbatim(said),
        why=verbatim(said),
        remediation=verbatim(said),
        reason=verbatim(said),
        pool_name=JANE,
        evidence={said: said},
        cause=replace(a_cause(), actor=said, user_agent=said, event_name=said, event_id=said),
        proposed=ProposedWrite(
            title=verbatim(said),
            applicability="safe",
            resource=SEOUL_POOL.arn,
            before=f'"{JANE}"',
            after=f'{{"To": "{JANE}"}}',
        ),
    )

    texts = repr([getattr(notice, field.name) for field in fields(notice)])
    assert JANE not in texts
    assert texts.count(MASKED_JANE) == 15


def test_names_the_identity_it_is_about_in_full_everywhere() -> None:
    notice = a_notice(
        subject=ADDRESS_IDENTITY,
        message=verbatim(f"identity support@shop.example is not verified; {JANE} asked"),
        proposed=None,
        evidence={"identity": ADDRESS_IDENTITY.arn},
    )

    assert notice.message == f"identity support@shop.example is not verified; {MASKED_JANE} asked"
    assert notice.evidence == {"identity": ADDRESS_IDENTITY.arn}


def test_names_in_full_the_identity_that_would_be_written() -> None:
    notice = a_notice(
        message=verbatim("support@shop.example has no policy"),
        evidence={},
        proposed=replace(a_proposed_write(), resource=ADDRESS_IDENTITY.arn),
    )

    assert notice.message == "support@shop.example has no policy"
    assert notice.identity == ADDRESS_IDENTITY


def test_shows_the_sender_of_an_exact_write_and_masks_every_other_address_in_it() -> None:
    before = '{"From": "Shop <no-reply@shop.example>", "ReplyToEmailAddress": "help@shop.example"}'
    after = (
        f'{{"ses:FromAddress": ["no-reply@shop.example"], "ses:Recipients": "{JANE}", "x": "no-reply@shop.example"}}'
    )

    notice = a_notice(proposed=replace(a_proposed_write(), before=before, after=after))

    assert notice.proposed is not None
    assert notice.proposed.before == before
    assert notice.proposed.after == after.replace(JANE, MASKED_JANE)


@pytest.mark.parametrize("write", ["", "{", "null", "[1, true]", '"text"'])
def test_takes_any_text_for_a_write(write: str) -> None:
    notice = a_notice(proposed=replace(a_proposed_write(), before=write, after=write))

    assert notice.proposed is not None
    assert notice.proposed.before == write


def test_says_how_much_of_a_long_write_is_missing() -> None:
    notice = a_notice(proposed=replace(a_proposed_write(), after="x" * 10_345))

    assert notice.proposed is not None
    assert (notice.proposed.after, notice.proposed.after_cut) == ("x" * 10_000, 345)


def test_names_the_first_fifty_pools_and_counts_them_all() -> None:
    pools = [a_pool(number) for number in range(60)]

    notice = a_notice(subject=OREGON_IDENTITY, affected={pool.arn: MORNING for pool in reversed(pools)})

    assert notice.affected == tuple(pools[:50])
    assert notice.affected_count == 60


def test_counts_the_pools_that_the_record_does_not_name() -> None:
    record = a_record(subject=OREGON_IDENTITY, affected={a_pool(1).arn: MORNING})
    record = replace(record, lifecycle=replace(record.lifecycle, others=4_999, others_exempt=4_000))

    assert notice_of(alert_of(record), rule_pages="").affected_count == 5_000
    assert not replace(record.lifecycle, exempt=frozenset({a_pool(1).arn})).is_exempt_everywhere
    assert replace(record.lifecycle, exempt=frozenset({a_pool(1).arn}), others_exempt=4_999).is_exempt_everywhere


def test_the_pool_is_the_one_that_its_name_and_verdict_belong_to() -> None:
    affected = {a_pool(1).arn: later(1), a_pool(2).arn: later(3), a_pool(3).arn: later(2)}

    shared = a_notice(subject=OREGON_IDENTITY, affected=affected, pool=a_pool(3), pool_name="third")
    assert (shared.pool, shared.pool_name) == (a_pool(3), "third")
    own = a_notice(subject=SEOUL_POOL, affected=affected, pool=None, pool_name="shop-users")
    assert (own.pool, own.pool_name) == (SEOUL_POOL, "shop-users")


@pytest.mark.parametrize(
    ("subject", "pool"),
    [(OREGON_IDENTITY, None), (SEOUL_POOL, a_pool(3))],
    ids=["recorded before the pool was stored", "seen from another pool"],
)
def test_a_name_never_goes_with_the_id_of_another_pool(subject: Subject, pool: PoolRef | None) -> None:
    affected = {a_pool(1).arn: later(1), a_pool(3).arn: later(2)}

    notice = a_notice(subject=subject, affected=affected, pool=pool, pool_name="third")

    assert notice.pool is None or notice.pool_name == ""


def test_finds_the_identity_in_the_evidence_if_nothing_else_names_it() -> None:
    seen = {"from": "x", "identity": OREGON_IDENTITY.arn}

    assert a_notice(evidence=seen, proposed=None).identity == OREGON_IDENTITY
    assert a_notice(evidence={}, proposed=None).identity is None
