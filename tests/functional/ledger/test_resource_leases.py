"""What the ledger promises about the writes of one resource: the same in memory and in DynamoDB."""

from datetime import datetime

import pytest

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.ports.repair.resource_leases import ResourceLease
from tests.fakes.examples import MORNING, OREGON_IDENTITY, a_pool, a_proposed_write, a_record, key_of, later
from tests.fakes.ledger.roles import LedgerRoles, put

RESOURCE = OREGON_IDENTITY.arn


def acquire(ledger: LedgerRoles, holder: str, *, now: datetime = MORNING, minutes: float = 2) -> ResourceLease:
    """The lease, which nobody else holds."""
    lease = ledger.resource_leases.acquire(RESOURCE, holder=holder, now=now, until=later(minutes))
    assert lease is not None
    return lease


def is_busy(ledger: LedgerRoles, *, now: datetime = MORNING) -> bool:
    return ledger.resource_leases.acquire(RESOURCE, holder="another", now=now, until=later(9)) is None


def test_one_process_holds_a_resource_until_it_is_released_or_the_time_is_over(ledger: LedgerRoles) -> None:
    lease = acquire(ledger, "one")

    assert is_busy(ledger, now=later(1.99))
    assert acquire(ledger, "one") == lease
    elsewhere = ledger.resource_leases.acquire(a_pool(2).arn, holder="two", now=MORNING, until=later(2))
    assert elsewhere == ResourceLease(resource=a_pool(2).arn, holder="two")
    ledger.resource_leases.release(lease)
    again = acquire(ledger, "three", minutes=2)
    assert again.open_entry is None
    assert is_busy(ledger, now=later(1.99))
    assert not is_busy(ledger, now=later(2))


@pytest.mark.parametrize("ended", ["released", "killed"])
def test_the_mark_of_an_open_entry_outlives_the_lease_until_it_is_cleared(ledger: LedgerRoles, ended: str) -> None:
    lease = acquire(ledger, "entry-1")
    ledger.resource_leases.mark(lease)
    ledger.resource_leases.mark(lease)
    if ended == "released":
        ledger.resource_leases.release(lease)

    second = acquire(ledger, "entry-2", now=MORNING if ended == "released" else later(2), minutes=4)

    assert second.open_entry == "entry-1"
    with pytest.raises(RuntimeError):
        ledger.resource_leases.mark(second)
    ledger.resource_leases.clear(second, "entry-0")
    assert acquire(ledger, "entry-2", minutes=4).open_entry == "entry-1"
    ledger.resource_leases.clear(second, "entry-1")
    ledger.resource_leases.clear(second, "entry-1")
    ledger.resource_leases.mark(second)
    ledger.resource_leases.clear(second, "entry-2")
    ledger.resource_leases.release(second)
    assert acquire(ledger, "entry-3").open_entry is None


def test_whoever_lost_the_lease_marks_and_releases_nothing(ledger: LedgerRoles) -> None:
    slow = acquire(ledger, "slow")
    fast = acquire(ledger, "fast", now=later(3), minutes=5)

    with pytest.raises(RuntimeError):
        ledger.resource_leases.mark(slow)
    ledger.resource_leases.release(slow)

    assert is_busy(ledger, now=later(4))
    ledger.resource_leases.mark(fast)
    ledger.resource_leases.release(slow)
    assert is_busy(ledger, now=later(4))


def test_finds_the_open_findings_whose_fix_writes_a_resource_and_no_others(ledger: LedgerRoles) -> None:
    fix = a_proposed_write()
    members = [
        {"handling": Handling.WITHHELD, "opened_at": later(0)},
        {"handling": Handling.PENDING, "opened_at": later(9)},
        {"handling": Handling.WRITING, "opened_at": later(8)},
        {"handling": Handling.FAILED, "opened_at": later(1)},
        {"state": FindingState.RESOLVED},
        {"state": FindingState.REPAIRED, "handling": Handling.WRITTEN},
        {"state": FindingState.EXEMPT},
        {"proposed": None},
    ]
    records = [
        a_record(subject=a_pool(number), affected={a_pool(number).arn: MORNING}, **each)  # type: ignore[arg-type]
        for number, each in enumerate(members)
    ]
    for record in records:
        put(ledger, record)

    found = ledger.open_fixes.on(fix.resource, most=9)

    assert found == tuple(key_of(records[number]) for number in (2, 1, 0, 3))
    assert ledger.open_fixes.on(fix.resource, most=1) == (key_of(records[2]),)
    assert ledger.open_fixes.on("else", most=9) == ()
