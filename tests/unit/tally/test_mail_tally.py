"""A failed mail counts once for its identity, its set and its pool, and never for a guessed pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, Subject
from mailwarden.domain.reputation.mail_events import CountedEvent, PoolRoute, day_period
from tests.builders import NOON, custom_from, developer, identity, mail_path, pool
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.looks import InMemoryResourcesInUse
from tests.fakes.ledger.reputation import InMemoryMailCounters
from tests.unit.inbound.example_events import bent, example
from tests.unit.tally.mail import (
    ACCOUNT,
    DAY,
    MAIL,
    OTHER,
    SHOP,
    Box,
    bounced,
    complained,
    look_at,
    path_of,
    pool_named,
    through_sns,
)

SHOP_POOL, CLUB_POOL = pool_named("Shop"), pool_named("Club")


def test_a_bounce_counts_for_the_pool_its_identity_and_its_set() -> None:
    box = Box().knows(path_of("Shop"))

    assert box.handle(bounced()) == []

    for subject in (SHOP_POOL, SHOP, MAIL):
        assert box.counted_on(subject) == {day_period(DAY): {"Bounce/Permanent/General": 1}}


def test_mail_by_sending_authorization_is_no_dead_letter_and_is_logged_by_number() -> None:
    box = Box().knows(path_of("Shop"))
    as_theirs = bounced(1, by="arn:aws:ses:us-east-1:444455556666:identity/partner.example")
    by_theirs = through_sns(bent(bounced(2), "detail.mail.sendingAccountId", "444455556666"))

    assert box.handle(as_theirs, by_theirs) == []

    assert box.logged("nothing to count") == [{"messages": {"mail of another account": 2}}]
    assert box.ledger.counters.held == {}


def test_one_event_counts_once_for_any_number_of_deliveries_and_routes() -> None:
    box = Box().knows(path_of("Shop"))

    box.handle(bounced(1), through_sns(bounced(1)), bounced(1)["detail"], bounced(1))
    box.handle(through_sns(bounced(1)), bounced(2))

    assert box.number(SHOP_POOL) == box.number(SHOP) == box.number(MAIL) == 2
    assert [line["counted"] for line in box.logged("mail events")] == [1, 1]


@pytest.mark.parametrize("source", ["NO-REPLY@Shop.Example", "The Shop <no-reply@shop.example>"])
def test_the_from_address_is_compared_without_its_case_and_its_name(source: str) -> None:
    box = Box().knows(path_of("Shop", sends_from="The Shop <No-Reply@shop.example>"))

    box.handle(bounced(source=source))

    assert box.number(SHOP_POOL) == 1


def test_a_domain_in_other_letters_is_found_by_the_form_that_events_have() -> None:
    box = Box().knows(path_of("Shop", sends_from="no-reply@bücher.shop.example"))

    box.handle(bounced(source="no-reply@xn--bcher-kva.shop.example"))

    assert box.number(SHOP_POOL) == 1


def test_an_address_that_two_pools_share_counts_for_the_identity_and_is_logged_as_shared() -> None:
    box = Box().knows(path_of("Shop"), path_of("Club"))

    box.handle(bounced())

    assert (box.number(SHOP_POOL), box.number(CLUB_POOL), box.number(SHOP)) == (0, 0, 1)
    assert [line["of_several_pools"] for line in box.logged("mail events")] == [1]


def test_the_set_identifies_one_of_two_pools_that_share_an_address() -> None:
    box = Box().knows(path_of("Shop"), path_of("Club", through="other"))

    box.handle(bounced(1), bounced(2, through="other"), bounced(3, through="other"), bounced(4, through="third"))

    assert (box.number(SHOP_POOL), box.number(CLUB_POOL), box.number(SHOP)) == (1, 2, 4)
    assert (box.number(MAIL), box.number(OTHER)) == (1, 2)


def test_the_set_also_identifies_one_of_many_pools_of_one_address() -> None:
    alike = [path_of(f"Like{number}", through="other") for number in range(50)]
    box = Box().knows(path_of("Shop"), *alike)

    box.handle(bounced())

    assert box.number(SHOP_POOL) == 1


@pytest.mark.parametrize(
    "source", ["hello@shop.example", None, "a@shop.example, b@shop.example", "\ud800@shop.example"]
)
def test_mail_from_another_address_counts_for_the_identity_alone(source: object) -> None:
    box = Box().knows(path_of("Shop"))

    box.handle(bounced(source=source))

    assert (box.number(SHOP_POOL), box.number(SHOP)) == (0, 1)


def test_the_mail_of_an_identity_that_no_pool_uses_is_not_counted_and_its_number_logged() -> None:
    newsletter = IdentityRef(partition="aws", region="us-east-1", account=ACCOUNT, name="news.example")
    box = Box().knows(path_of("Shop"))

    assert box.handle(*[bounced(number, by=newsletter.arn) for number in range(3)], bounced(9)) == []

    assert box.number(newsletter) == 0
    assert [line["of_no_pool_here"] for line in box.logged("mail events")] == [3]


def test_a_subdomain_of_an_identity_counts_for_the_identity_that_the_event_names() -> None:
    box = Box().knows(path_of("Shop", sends_from="no-reply@mail.shop.example"))
    subdomain = SHOP.arn.replace("identity/", "identity/mail.")

    box.handle(bounced(1, source="no-reply@mail.shop.example"))
    box.handle(bounced(2, source="no-reply@mail.shop.example", by=subdomain))

    assert (box.number(SHOP_POOL), box.number(SHOP)) == (1, 1)


def test_without_an_identity_a_set_of_ours_is_counted_and_no_pool() -> None:
    box = Box().knows(path_of("Shop"))

    box.handle(bounced(1, by=None), bounced(2, by=None, through="theirs"), bounced(3, by=None, through=None))

    assert (box.number(MAIL), box.number(SHOP), box.number(SHOP_POOL)) == (1, 0, 0)


def test_mail_of_the_default_sender_is_no_mail_from_its_address_here() -> None:
    address = identity("support@shop.example")
    path = mail_path(pool(pool_id="us-east-1_Shop", email=custom_from(address.ref)), address)
    box = Box().knows(path)

    box.handle(bounced(source="support@shop.example", by=address.ref.arn))

    assert (box.number(SHOP_POOL), box.number(address.ref)) == (0, 1)


def test_an_address_identity_without_a_from_is_the_address_itself() -> None:
    address = identity("support@shop.example")
    box = Box().knows(mail_path(pool(pool_id="us-east-1_Shop", email=developer(address.ref)), address))

    box.handle(bounced(source="Support@shop.example", by=address.ref.arn, through=None))

    assert box.number(SHOP_POOL) == 1


def test_a_pool_that_changed_its_address_is_not_found_by_the_old_one() -> None:
    box = Box().knows(path_of("Shop"), path_of("Shop", sends_from="new@shop.example"))

    box.handle(bounced(1), bounced(2, source="new@shop.example"))

    assert (box.number(SHOP_POOL), box.number(SHOP)) == (1, 2)


def test_a_day_that_has_not_begun_is_counted_as_today() -> None:
    box = Box().knows(path_of("Shop"))

    box.handle(bounced(1, at="9999-12-31T23:59:59Z"), bounced(2, at="2026-02-27T23:59:59Z"))

    assert set(box.counted_on(SHOP_POOL)) == {day_period(DAY), day_period(date(2026, 2, 27))}


def test_a_bad_message_is_refused_alone() -> None:
    box = Box().knows(path_of("Shop"))

    failed = box.handle("{", bounced(1), {"detail-type": "Email Bounced"}, example("ses.email-bounced"), bounced(2))

    assert failed == ["0", "2", "3"]
    assert box.number(SHOP_POOL) == 2
    assert len(box.logged("message not understood")) == 3


def test_a_pool_s_mail_is_counted_by_the_hour_for_its_account_and_its_set() -> None:
    box = Box().knows(path_of("Shop"))
    account = SesAccountRef(partition="aws", region=SHOP.region, account=SHOP.account)

    box.handle(
        bounced(1, at="2026-03-02T09:59:59Z"), bounced(2, at="2026-03-02T10:00:00Z"), bounced(3, through="other")
    )

    def between(via: SesAccountRef | ConfigurationSetRef, first: int, last: int) -> int:
        hours = {name: datetime(2026, 3, 2, hour, tzinfo=UTC) for name, hour in (("since", first), ("until", last))}
        return box.ledger.counters.via(PoolRoute(pool=SHOP_POOL, via=via), **hours).hard_bounces

    assert [between(account, *hours) for hours in ((9, 12), (10, 12), (9, 10), (10, 11))] == [3, 2, 1, 1]
    assert [between(MAIL, 9, 12), between(OTHER, 9, 12)] == [2, 1]


def test_mail_that_several_pools_send_is_in_no_lane() -> None:
    box = Box().knows(path_of("Shop"), path_of("Club"))

    box.handle(bounced(1))

    assert not any("#" in counter_key.arn for counter_key in box.ledger.counters.held)


@dataclass(slots=True)
class FailingCounters(InMemoryMailCounters):
    """Counters that cannot count what is about some subject."""

    fails_to_count: str

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        if any(self.fails_to_count in subject.arn for event in events for subject in event.subjects):
            raise ConnectionError("the table is away")
        return InMemoryMailCounters.count(self, events, now=now)


@dataclass(slots=True)
class FailingUsers(InMemoryResourcesInUse):
    """A reverse index that cannot be read for the club's address."""

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        if "club" in sender.address:
            raise ConnectionError("the table is away")
        return InMemoryResourcesInUse.pools_sending(self, sender)


def test_what_could_not_be_counted_comes_again_and_is_counted_once() -> None:
    counters = FailingCounters(fails_to_count="userpool/us-east-1_Shop")
    box = Box(ledger=InMemoryLedger(counters=counters)).knows(
        path_of("Shop"), path_of("Club", sends_from="club@shop.example")
    )
    # More than one transaction, so that one of them fails alone.
    of_the_club = [bounced(f"club-{number}", source="club@shop.example") for number in range(95)]
    of_the_shop = [bounced(f"shop-{number}") for number in range(95)]

    failed = box.handle(*of_the_club, *of_the_shop)
    counters.fails_to_count = "nothing"
    again = box.handle(*of_the_club, *of_the_shop)

    assert failed == sorted(str(place) for place in range(95, 190))
    assert again == []
    assert (box.number(CLUB_POOL), box.number(SHOP_POOL), box.number(SHOP)) == (95, 95, 190)


def test_an_event_whose_owner_nobody_can_tell_now_comes_again_alone() -> None:
    ledger = InMemoryLedger()
    ledger.resources_in_use = FailingUsers(looks=ledger.looks)
    box = Box(ledger=ledger).knows(path_of("Shop"))

    failed = box.handle(bounced(1, source="club@shop.example"), bounced(2))

    assert failed == ["0"]
    assert box.number(SHOP) == 1


def test_the_ledger_is_asked_once_for_each_identity_and_address_of_a_batch() -> None:
    asked: list[object] = []

    class Asked(InMemoryResourcesInUse):
        def is_used(self, subject: Subject) -> bool:
            asked.append(subject)
            return InMemoryResourcesInUse.is_used(self, subject)

        def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
            asked.append(sender)
            return InMemoryResourcesInUse.pools_sending(self, sender)

    ledger = InMemoryLedger()
    ledger.resources_in_use = Asked(looks=ledger.looks)
    box = Box(ledger=ledger).knows(path_of("Shop"))

    box.handle(*[bounced(number) for number in range(200)])

    assert len(asked) == 2


def test_the_counts_are_on_the_path_of_the_next_look() -> None:
    box = Box().knows(path_of("Shop"))
    box.handle(bounced(1), complained(2))

    mail = box.ledger.counters.since(SHOP_POOL, (NOON - timedelta(days=7)).date())

    assert (mail.hard_bounces, mail.complaints) == (1, 1)
    assert look_at(path_of("Shop")).pool == SHOP_POOL
