"""The record of a pool: its last look and its failed deliveries, the same in memory and in DynamoDB."""

from datetime import timedelta

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.ports.mail_path.pool_records import PoolRecord
from tests.fakes.examples import SEOUL_POOL, a_look, a_pool, later
from tests.fakes.ledger.roles import LedgerRoles

NOTHING = PoolRecord(last_look=None, failures=None)
FAILED = DeliveryFailures(
    first=later(1), last=later(2), number=3, last_call="SignUp", last_code="CodeDeliveryFailureException"
)


def test_of_an_unknown_pool_there_is_nothing(ledger: LedgerRoles) -> None:
    assert ledger.pool_records.read(SEOUL_POOL) == NOTHING


def test_holds_the_last_look_and_the_failures(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look())
    ledger.failures.add(SEOUL_POOL, FAILED, quiet=timedelta(days=1))

    assert ledger.pool_records.read(SEOUL_POOL) == PoolRecord(last_look=a_look(), failures=FAILED)
    assert ledger.pool_records.read(a_pool(9)) == NOTHING


def test_a_pool_that_is_gone_has_failures_and_no_look(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(at=later(1)))
    ledger.failures.add(SEOUL_POOL, FAILED, quiet=timedelta(days=1))
    ledger.looks.forget(SEOUL_POOL, at=later(2))
    ledger.known_pools.remember_gone(SEOUL_POOL, at=later(2))

    assert ledger.pool_records.read(SEOUL_POOL) == PoolRecord(last_look=None, failures=FAILED)
