"""The orders of ``operate`` as the function takes them: chosen by name, and answered in any case."""

from mailwarden.documents.reader import Members
from mailwarden.inbound.invoke.orders import ORDER, AnyOrder, OrderHandler
from mailwarden.inbound.invoke.release_order import RELEASE, ReleaseOrders
from mailwarden.inbound.invoke.switch_order import START, STOP, SwitchOrders
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.stop_switch import StopSwitch
from tests.builders import ACCOUNT
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.undoing import release_of


def members_of(order: object, name: str) -> Members:
    """The members of an order, as its handler gets them."""
    return Members.of(order, where=ORDER).members(name)


def only(name: str, handler: OrderHandler) -> AnyOrder:
    """No other order than this one."""
    return AnyOrder(handlers={name: lambda: handler})


def switch_orders(switch: StopSwitch, clock: Clock) -> AnyOrder:
    """The stop and its end."""
    return AnyOrder(
        handlers={
            STOP: lambda: SwitchOrders(action=STOP, switch=switch, clock=clock),
            START: lambda: SwitchOrders(action=START, switch=switch, clock=clock),
        }
    )


def release_orders(ledger: InMemoryLedger, clock: TickingClock) -> AnyOrder:
    """Releases of repairs that wait."""
    return only(RELEASE, ReleaseOrders(release=release_of(ledger, clock), partition="aws", account=ACCOUNT))
