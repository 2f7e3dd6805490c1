"""The emergency stop, the same in memory and in DynamoDB."""

from mailwarden.domain.repair.limits import Stop
from tests.fakes.examples import later
from tests.fakes.ledger.roles import LedgerRoles


def test_repairs_run_until_they_are_stopped_and_again_after_a_start(ledger: LedgerRoles) -> None:
    at_first = ledger.stop_switch.current()
    ledger.stop_switch.stop(by="alice", now=later(1))
    ledger.stop_switch.stop(by="bob", now=later(2))
    stopped = ledger.stop_switch.current()
    ledger.stop_switch.start()

    assert at_first is None
    assert stopped == Stop(by="alice", since=later(1))
    assert ledger.stop_switch.current() is None
