"""The marks of resources for which an order waits, in DynamoDB and in memory."""

from datetime import timedelta

from tests.fakes.examples import MORNING
from tests.fakes.ledger.roles import LedgerRoles

RESOURCE = "arn:aws:ses:us-east-1:111122223333:identity/example.com"
OTHER = "arn:aws:ses:us-east-1:111122223333:identity/example.org"
MINUTE, MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


def test_one_order_waits_for_a_resource(ledger: LedgerRoles) -> None:
    orders = ledger.waiting_orders

    assert orders.claim(RESOURCE, by="a", now=MORNING, until=MORNING + MINUTE)
    assert not orders.claim(RESOURCE, by="b", now=MORNING, until=MORNING + MINUTE)
    assert orders.claim(OTHER, by="b", now=MORNING, until=MORNING + MINUTE)
    assert orders.waits_until(RESOURCE) == MORNING + MINUTE


def test_a_mark_whose_time_is_over_is_replaced(ledger: LedgerRoles) -> None:
    orders = ledger.waiting_orders
    orders.claim(RESOURCE, by="a", now=MORNING, until=MORNING + MINUTE)

    assert not orders.claim(RESOURCE, by="b", now=MORNING + MINUTE - MOMENT, until=MORNING + 2 * MINUTE)
    assert orders.claim(RESOURCE, by="b", now=MORNING + MINUTE, until=MORNING + 2 * MINUTE)


def test_an_order_that_was_sent_waits_longer(ledger: LedgerRoles) -> None:
    orders = ledger.waiting_orders
    orders.claim(RESOURCE, by="a", now=MORNING, until=MORNING + MINUTE)

    orders.keep(RESOURCE, by="b", until=MORNING + 9 * MINUTE)
    assert orders.waits_until(RESOURCE) == MORNING + MINUTE
    orders.keep(RESOURCE, by="a", until=MORNING + 9 * MINUTE)
    assert orders.waits_until(RESOURCE) == MORNING + 9 * MINUTE


def test_what_began_waits_no_more_and_is_not_kept(ledger: LedgerRoles) -> None:
    orders = ledger.waiting_orders
    orders.claim(RESOURCE, by="a", now=MORNING, until=MORNING + MINUTE)

    orders.begin(RESOURCE)
    orders.keep(RESOURCE, by="a", until=MORNING + 9 * MINUTE)

    assert orders.waits_until(RESOURCE) is None
    orders.begin(RESOURCE)
