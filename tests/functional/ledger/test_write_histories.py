"""Our writes for a pool, the same in memory and in DynamoDB: a look finds them with the other items of its pool."""

from datetime import timedelta

from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.monitoring.fights import Direction, WriteHistory, after_write
from tests.fakes.deployment import cause
from tests.fakes.examples import SEOUL_POOL, a_pool, later
from tests.fakes.ledger.roles import LedgerRoles

ROLE = CreateServiceLinkedRole(partition=SEOUL_POOL.partition, account=SEOUL_POOL.account).resource
IDENTITY = "arn:aws:ses:us-west-2:123456789012:identity/" + "a" * 900


def history(resource: str = IDENTITY, direction: Direction = Direction.GRANT) -> WriteHistory:
    once = after_write(None, resource=resource, direction=direction, wrote="d", entry_id="e-1", at=later(1))
    return after_write(
        once.seen_undone(cause(at=later(2)), at=later(3)),
        resource=resource,
        direction=direction,
        wrote="d2",
        entry_id="e-2",
        at=later(4),
    )


def test_a_history_is_read_back_as_it_was_put(ledger: LedgerRoles) -> None:
    undone = history().seen_undone(cause(at=later(5)), at=later(5) + timedelta(microseconds=1))
    unknown = history(direction=Direction.CONFIGURE).seen_undone(None, at=later(6))
    ledger.histories.put(SEOUL_POOL, history())
    ledger.histories.put(SEOUL_POOL, undone)
    ledger.histories.put(SEOUL_POOL, unknown)

    assert ledger.histories.of(SEOUL_POOL, IDENTITY, Direction.GRANT) == undone
    assert ledger.histories.of(SEOUL_POOL, IDENTITY, Direction.CREATE) is None
    assert ledger.histories.of(a_pool(9), IDENTITY, Direction.GRANT) is None
    assert set(ledger.pool_records.read(SEOUL_POOL).writes) == {undone, unknown}
    assert ledger.pool_records.read(a_pool(9)).writes == ()


def test_the_role_has_one_history_for_all_pools(ledger: LedgerRoles) -> None:
    role = history(ROLE, Direction.CREATE)

    ledger.histories.put(SEOUL_POOL, role)

    assert ledger.histories.of(a_pool(9), ROLE, Direction.CREATE) == role
    assert ledger.histories.all_of(SEOUL_POOL) == ledger.histories.all_of(a_pool(9)) == (role,)
    # A copy with each pool would outlive the release of the one that a person names.
    assert ledger.pool_records.read(SEOUL_POOL).writes == ()


def test_what_a_person_has_to_release_does_not_expire(ledger: LedgerRoles) -> None:
    third = after_write(
        history().seen_undone(None, at=later(5)),
        resource=IDENTITY,
        direction=Direction.GRANT,
        wrote="d3",
        entry_id="e-3",
        at=later(6),
    )
    paused = third.seen_undone(None, at=later(7))

    ledger.histories.put(SEOUL_POOL, paused)

    assert paused.awaits_a_person
    assert ledger.histories.of(SEOUL_POOL, IDENTITY, Direction.GRANT) == paused
