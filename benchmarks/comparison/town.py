"""Pools that can send and pools that cannot, ten kinds of them, in AWS in a box without Mailwarden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle

from tests.e2e import breaking, breaking_senders, breaking_sets
from tests.e2e.box import Box
from tests.e2e.people import People, Pool
from tests.e2e.workshop import Workshop

KINDS: Mapping[str, Callable[[Workshop], Pool]] = {
    "identity in a region that is not allowed": breaking.region_not_allowed,
    "identity deleted": breaking.identity_missing,
    "identity no longer verified": breaking.identity_unverified,
    "MAIL FROM domain fails": breaking.mail_from_failing,
    "sending policy deleted": breaking.no_grant,
    "sending policy denies": breaking.denied,
    "configuration set deleted": breaking_sets.set_missing,
    "configuration set does not send": breaking_sets.set_disabled,
    "FROM outside the identity": breaking.foreign_from,
    "custom sender function deleted": breaking_senders.custom_sender_that_is_gone,
}
REGIONS = (*breaking.HOMES, breaking.PARIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The pools of an account: the kind of each broken one, and the sound ones."""

    broken: Mapping[str, str]
    """Kind by ARN."""
    sound: frozenset[str]


def build_town(box: Box, *, of_each_kind: int, sound: int) -> Town:
    """Make the pools; of ten sound ones, one is on Cognito's default sender, and one sends as an address."""
    people = People(box=box, pools=[], identities=[])
    shops = cycle([Workshop(people=people, home=home) for home in breaking.HOMES])
    box.client("iam").create_service_linked_role(AWSServiceName="email.cognito-idp.amazonaws.com")
    broken = {make(next(shops)).arn: kind for kind, make in KINDS.items() for _ in range(of_each_kind)}
    fine = [_sound_pool(place, shop).arn for place, shop in zip(range(sound), shops, strict=False)]
    return Town(broken=broken, sound=frozenset(fine))


def _sound_pool(place: int, shop: Workshop) -> Pool:
    match place % 10:
        case 0:
            return breaking.no_sender_of_its_own(shop)
        case 1:
            return breaking.address_identity(shop)
        case _:
            return shop.sound(shop.home)
