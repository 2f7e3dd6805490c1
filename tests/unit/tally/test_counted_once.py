"""Thousands of deliveries, twice, late, in any order, failing before and after the write: the counts are the truth."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.refs.resources import Subject
from mailwarden.domain.reputation.mail_events import CountedEvent, day_period, pack_into_transactions
from tests.builders import NOON
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import InMemoryMailCounters
from tests.unit.tally.mail import DAY, MAIL, OTHER, SHOP, Box, bounced, complained, path_of, pool_named, through_sns

POOLS = {name: f"{name}@shop.example" for name in ("alpha", "beta", "gamma", "delta")}
EVENTS = 1_200
FEW = settings(max_examples=5, deadline=None)
subjects = st.lists(
    st.sampled_from([SHOP, MAIL, OTHER, *(pool_named(name) for name in POOLS)]), max_size=4, unique=True
).map(tuple)


@dataclass(slots=True, kw_only=True)
class Failing(InMemoryMailCounters):
    """Counters of which some calls fail: before anything was written, or after, when nobody hears of it."""

    luck: Random
    fails_in_ten: int

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        before, after = (self.luck.randrange(10) < self.fails_in_ten for _ in range(2))
        if before:
            raise ConnectionError("the table is away")
        new = InMemoryMailCounters.count(self, events, now=now)
        if after:
            raise TimeoutError("nobody hears the answer")
        return new


@cache
def messages() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every event with its pool, in each of the shapes in which it may come."""
    told = []
    for number in range(EVENTS):
        name, address = list(POOLS.items())[number % len(POOLS)]
        event = complained(number, source=address) if number % 7 == 0 else bounced(number, source=address)
        told.append((name, tuple(json.dumps(each) for each in (event, event["detail"], through_sns(event)))))
    return tuple(told)


@FEW
@given(seed=st.integers(0, 2**32), fails_in_ten=st.integers(0, 4), at_once=st.sampled_from([10, 77, 500]))
def test_the_counts_are_the_truth(seed: int, fails_in_ten: int, at_once: int) -> None:
    luck = Random(seed)  # noqa: S311 - no secret
    box = Box(ledger=InMemoryLedger(counters=Failing(luck=luck, fails_in_ten=fails_in_ten)))
    box.knows(*(path_of(name, sends_from=address) for name, address in POOLS.items()))
    happened = luck.sample(messages(), EVENTS * 3 // 4)
    waiting = [luck.choice(shapes) for _, shapes in happened for _ in range(luck.randrange(1, 5))]
    luck.shuffle(waiting)
    delivered = 0

    while waiting:
        batch, waiting = waiting[:at_once], waiting[at_once:]
        failed = box.handle(*batch)
        delivered += len(batch)
        # Sometimes a message is delivered again after it was handled, or long after the others.
        again = [batch[int(place)] for place in failed] + luck.sample(batch, min(len(batch), luck.randrange(3)))
        waiting += again if delivered < 20 * EVENTS else []

    truth = Counter(name for name, _ in happened)
    assert {name: box.number(pool_named(name)) for name in POOLS} == {name: truth[name] for name in POOLS}
    assert box.number(SHOP) == box.number(MAIL) == len(happened)
    assert set(box.counted_on(SHOP)) == {day_period(DAY)}


@settings(max_examples=100, deadline=None)
@given(
    all_of=st.lists(st.tuples(subjects, st.integers(0, 3)), max_size=120),
    most=st.integers(5, 100),
)
def test_groups_hold_every_event_once_and_fit(all_of: list[tuple[tuple[Subject, ...], int]], most: int) -> None:
    events = [
        CountedEvent(key=f"{number:03}", outcome="Complaint", at=NOON + timedelta(days=day), subjects=of)
        for number, (of, day) in enumerate(all_of)
    ]

    groups = list(pack_into_transactions(events, most=most))

    assert sorted(event.key for group in groups for event in group) == [event.key for event in events]
    for group in groups:
        counts = {counter_key for event in group for counter_key in event.counter_keys}
        assert len(group) + len(counts) <= most


def test_events_of_one_pool_need_as_few_transactions_as_there_can_be() -> None:
    events = [
        CountedEvent(key=f"{number:03}", outcome="Complaint", at=NOON, subjects=(pool_named("alpha"), SHOP, MAIL))
        for number in range(500)
    ]

    assert [len(group) for group in pack_into_transactions(events, most=100)] == [97, 97, 97, 97, 97, 15]
