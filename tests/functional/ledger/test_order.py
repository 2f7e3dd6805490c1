"""Whatever the order and the interleaving: the newest look stands, nothing told is untold, nothing is left untold."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import IdentityRef
from tests.fakes.examples import ACCOUNT, a_look, a_pool, a_record, key_of, later
from tests.fakes.ledger.roles import CHANNELS, LedgerRoles, put
from tests.fakes.records import changed

NUMBERS = count(1)
SUBJECTS = tuple(
    IdentityRef(partition="aws", region="eu-west-1", account=ACCOUNT, name=f"{name}.example") for name in "abc"
)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

uses = st.sets(st.sampled_from([subject.arn for subject in SUBJECTS])).map(lambda arns: tuple(sorted(arns)))
# None stands for "the pool is gone".
moments = st.lists(st.one_of(uses, st.none()), min_size=1, max_size=6)


@FEW
@given(seen=moments, data=st.data())
def test_every_order_of_looks_ends_in_the_same_state(
    ledger: LedgerRoles, seen: list[tuple[str, ...] | None], data: st.DataObject
) -> None:
    pool = a_pool(next(NUMBERS))
    order = data.draw(st.permutations(range(len(seen))))

    for minute in order:
        used = seen[minute]
        if used is None:
            ledger.looks.forget(pool, at=later(minute))
        else:
            ledger.looks.put(a_look(pool, at=later(minute), uses=used))

    last = seen[-1]
    expected = None if last is None else a_look(pool, at=later(len(seen) - 1), uses=last)
    assert ledger.looks.last(pool) == expected
    for subject in SUBJECTS:
        assert (pool in ledger.resources_in_use.pools_using(subject)) == (last is not None and subject.arn in last)


@dataclass(slots=True)
class Look:
    """Reads the record, and later writes what it made of it."""

    ledger: LedgerRoles
    key: FindingKey
    read: FindingRecord | None = None

    def step(self, *, tells_more: bool) -> None:
        if self.read is None:
            self.read = self.ledger.findings.read(self.key)
            return
        read = self.read
        written = changed(read, revision=read.lifecycle.revision + 1, version=read.lifecycle.version + int(tells_more))
        # What another look wrote in between is left alone: this one has nothing to add to it.
        self.ledger.findings.update(
            self.key,
            lambda current: (
                written if current is not None and current.lifecycle.revision == read.lifecycle.revision else None
            ),
        )
        self.read = None


@dataclass(slots=True)
class Announcement:
    """Reads the record, tells one channel, and later marks it as told."""

    ledger: LedgerRoles
    key: FindingKey
    channel: str
    told: list[int] = field(default_factory=list)
    read: FindingRecord | None = None

    def step(self, *, tells_more: bool) -> None:
        if self.read is None:
            record = self.ledger.findings.read(self.key)
            if record is not None and record.lifecycle.announced.get(self.channel, 0) < record.lifecycle.version:
                self.read = record
                self.told.append(record.lifecycle.version)
            return
        if not tells_more:
            self.ledger.findings.mark_announced(self.key, channels=(self.channel,), version=self.read.lifecycle.version)
        self.read = None


@FEW
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=16))
def test_no_interleaving_of_looks_and_announcements_goes_backwards_or_leaves_anything_untold(
    ledger: LedgerRoles, steps: list[tuple[int, bool]]
) -> None:
    record = a_record(subject=a_pool(next(NUMBERS)))
    key = key_of(record)
    put(ledger, record)
    announcements = [Announcement(ledger, key, channel) for channel in CHANNELS]
    actors: list[Look | Announcement] = [Look(ledger, key), Look(ledger, key), *announcements]

    known: dict[str, int] = {}
    for actor, flag in steps:
        actors[actor].step(tells_more=flag)
        now = ledger.findings.read(key)
        assert now is not None
        assert all(now.lifecycle.announced.get(channel, 0) >= version for channel, version in known.items())
        awaits = any(now.lifecycle.announced.get(channel, 0) < now.lifecycle.version for channel in CHANNELS)
        assert (key in [key_of(one) for one in ledger.findings.awaiting_announcement(now=later(0))]) == awaits
        known = dict(now.lifecycle.announced)

    for announcement in announcements:
        announcement.read = None
        announcement.step(tells_more=False)
        announcement.step(tells_more=False)
        assert announcement.told == sorted(announcement.told)
    assert key not in [key_of(one) for one in ledger.findings.awaiting_announcement(now=later(0))]
