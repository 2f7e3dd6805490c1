"""A deployment in memory, and a person who sets the sender of a pool in it."""

from collections.abc import Mapping

from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.sender_order import SenderAnswer, SenderOrder, SenderSetting
from mailwarden.domain.readings import Pool
from tests.builders import developer, identity, pool
from tests.fakes.deployment import Deployment
from tests.fakes.undoing import sender_writes

ADDRESS = identity("hello@shop.example")
DOMAIN = identity("shop.example")
SHOP = pool(email=developer(ADDRESS.ref, reply_to="help@shop.example"))


def shop(**pool_members: object) -> Deployment:
    """A deployment with a pool that sends as an address, and the verified domain of that address."""
    mailwarden = Deployment()
    members = {"email": SHOP.email, **pool_members}
    mailwarden.hold(pool(**members), ADDRESS, DOMAIN)  # type: ignore[arg-type] # members of the builder
    return mailwarden


def live(mailwarden: Deployment) -> Pool:
    reading = mailwarden.pools.held[SHOP.ref]
    assert isinstance(reading, Pool)
    return reading


def set_sender(
    mailwarden: Deployment,
    *,
    identity: str | None = None,
    settings: Mapping[SenderSetting, str | None] | None = None,
    default: bool = False,
    although_worse: bool = False,
    apply: bool = True,
    pool_id: str = SHOP.ref.pool_id,
    reason: str = "",
    name: str | None = None,
) -> SenderAnswer:
    order = SenderOrder(
        pool=AskedPool(pool_id=pool_id),
        by="alice",
        reason=reason,
        name=name,
        identity=identity,
        settings=settings or {},
        default=default,
        although_worse=although_worse,
        apply=apply,
    )
    return sender_writes(mailwarden).set_sender(order, request_id="r-1")
