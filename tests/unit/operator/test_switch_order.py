"""A person stops repairs and starts them: the fact that `repair` obeys."""

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.inbound.invoke.switch_order import SwitchOrders
from tests.builders import custom_from, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, TickingClock, hint
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.texts import english

SENDER = identity_ref(region="us-west-2")


def test_a_stop_holds_until_the_start() -> None:
    ledger, clock, log = InMemoryLedger(), TickingClock(), KeptLog()
    orders = SwitchOrders(switch=ledger.stop_switch, clock=clock)

    stopped = orders.carry_out({"stop": {"by": "alice"}}, log=log)
    known = ledger.stop_switch.current()
    started = orders.carry_out({"start": {"by": "bob"}}, log=log)

    assert (stopped["answer"], started["answer"]) == ("done", "done")
    assert known is not None
    assert known.by == "alice"
    assert ledger.stop_switch.current() is None


@pytest.mark.parametrize("order", [{}, {"stop": {}}, {"stop": "now"}, {"halt": {"by": "a"}}, {"stop": {"by": 1}}])
def test_what_is_no_order_stops_nothing(order: object) -> None:
    ledger = InMemoryLedger()

    with pytest.raises(MalformedDocument):
        SwitchOrders(switch=ledger.stop_switch, clock=TickingClock()).carry_out(order, log=KeptLog())

    assert ledger.stop_switch.current() is None


def test_an_order_that_comes_although_repairs_are_stopped_writes_nothing_and_says_why() -> None:
    broken = pool("ap-northeast-2", email=custom_from(SENDER))
    mailwarden = Deployment()
    mailwarden.hold(broken, identity(region="us-west-2", tags={"mailwarden:cognito": "account"}))
    mailwarden.inspect(hint(broken))
    mailwarden.ledger.stop_switch.stop(by="alice", now=mailwarden.clock.now())

    mailwarden.repair()
    withheld = mailwarden.finding("MW401", broken.ref.arn).write.reason
    mailwarden.ledger.stop_switch.start()
    mailwarden.settle_down(hint(broken, event_id="e-2"))

    assert "alice stopped repairs" in english(withheld)
    assert len(mailwarden.written) == 1
