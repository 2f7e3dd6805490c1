"""What `make restore` prints: the exact difference, and the command that goes on."""

from collections.abc import Callable

import pytest

from mailwarden.inbound.invoke.sender_order import SET_SENDER, SenderOrders
from tests.fakes.deployment import Deployment
from tests.fakes.logs import KeptLog
from tests.fakes.orders import only
from tests.fakes.undoing import sender_writes
from tests.unit.operator.senders import ADDRESS, SHOP
from tests.unit.operator.test_restore import accident
from tests.unit.operator.test_restore_notices import accident as accident_of_notices
from tools.orders.restore import arguments, order_of
from tools.orders.set_sender import sender_text
from tools.stack.named_pool import NamedPool


def printed(mailwarden: Deployment, *words: str) -> str:
    chosen = arguments().parse_args([SHOP.ref.pool_id, "--by", "alice", *words])
    order = order_of(chosen, NamedPool(pool=chosen.pool, region=None))
    orders = only(SET_SENDER, SenderOrders(writes=sender_writes(mailwarden)))
    document = orders.carry_out({"set_sender": order}, request_id="r-1", log=KeptLog())
    return " ".join("\n".join(line.plain for line in sender_text(document, order=order, width=100)).split())


def test_a_dry_run_shows_the_difference_and_the_command_that_restores() -> None:
    text = printed(accident())

    for part in (f"+ {ADDRESS.ref.arn}", "+ help@shop.example", f"make restore POOL={SHOP.ref.pool_id} APPLY=yes"):
        assert part in text, text


@pytest.mark.parametrize(
    ("story", "words", "variables"),
    [
        (accident, (), ""),
        (accident, ("--reason", "by accident"), " REASON='by accident'"),
        (accident_of_notices, ("--notices",), " NOTICES=yes"),
        (accident_of_notices, ("--notices", "--although-worse"), " NOTICES=yes ALTHOUGH_WORSE=yes"),
    ],
)
def test_the_command_that_writes_gives_the_same_order(
    story: Callable[[], Deployment], words: tuple[str, ...], variables: str
) -> None:
    text = printed(story(), *words)

    assert f"To write it: make restore POOL={SHOP.ref.pool_id}{variables} APPLY=yes" in text, text


def test_a_restored_sender_is_shown_with_its_undo() -> None:
    assert "To undo it: make undo ID=" in printed(accident(), "--apply")


def test_an_accepted_sender_is_said_to_be_expected() -> None:
    assert "nothing was written to the pool" in printed(accident(), "--accept")
