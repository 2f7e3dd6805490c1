"""Which pools are looked at after a write, from which readings, and which wait for a look, and for how long."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.readings import Missing, PoolReading
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Intention
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.service.repair.look_again import ReadBefore
from tests.builders import ACCOUNT, NOON, HeldPools, sending_policy, unread
from tests.fakes.deployment import Deployment
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.service.standing import DENIED, LATER, SOON, StillClock, look_again, waiting

NAMES = "ABCDEFGHIJKLM"
POOLS = tuple(seoul(name).ref for name in NAMES)
A, B = POOLS[:2]
GRANT = GrantSending(identity=OREGON, pools=POOLS, before={}, after={})
MOVE = ReplaceEmailConfiguration(pool=A, before=seoul("A").email, after=seoul("A").email)
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
READ_AT = NOON - timedelta(minutes=1)
MOMENT, TIME_FOR_LOOKS = timedelta(microseconds=1), timedelta(seconds=10)


def sound() -> Deployment:
    """Pools that may send."""
    mailwarden = Deployment(clock=StillClock())
    policies = {name: sending_policy(OREGON, seoul(name).ref) for name in NAMES}
    mailwarden.hold(replace(OPENED, policies=policies), *map(seoul, NAMES))
    return mailwarden


def wrote(change: Change = GRANT) -> Intention:
    return Intention(
        entry_id="entry-1",
        at=NOON,
        findings=(),
        pools=POOLS,
        title=verbatim("mend it"),
        change=change,
        change_digest="0" * 64,
        cause=LATER,
    )


def looked_at(mailwarden: Deployment) -> dict[PoolRef, object]:
    return {pool: look.looked_at for pool, look in mailwarden.ledger.looks.held.items()}


def read_before(*pools: PoolRef) -> ReadBefore:
    return ReadBefore(at=READ_AT, pools={seoul(name).ref: seoul(name) for name in NAMES if seoul(name).ref in pools})


def test_nothing_is_read_for_no_pools() -> None:
    mailwarden = sound()

    look_again(mailwarden).after(wrote(), ())

    assert (mailwarden.identities.reads, mailwarden.pools.asked) == ([], [])


def test_sound_pools_are_looked_at_once_and_ten_at_once() -> None:
    mailwarden = sound()

    look_again(mailwarden).after(wrote(), POOLS)

    assert mailwarden.pools.asked == list(POOLS[:10])
    assert mailwarden.identities.fresh_reads == 1
    assert looked_at(mailwarden) == dict.fromkeys(POOLS[:10], NOON)
    assert waiting(mailwarden) == dict.fromkeys(POOLS[10:], ((LATER,), timedelta(0)))
    assert {look.changed_by for look in mailwarden.ledger.looks.held.values()} == {LATER}


def test_what_was_read_before_is_not_read_again_unless_the_write_changed_a_pool() -> None:
    mailwarden, moved = sound(), sound()

    look_again(mailwarden).after(wrote(), POOLS, before=read_before(*POOLS[1:]))
    look_again(moved).after(wrote(MOVE), (A, B), before=read_before(A, B))

    assert mailwarden.pools.asked == [A]
    assert looked_at(mailwarden) == {A: NOON} | dict.fromkeys(POOLS[1:], READ_AT)
    assert waiting(mailwarden) == {}
    assert moved.pools.asked == [A, B]
    assert looked_at(moved) == {A: NOON, B: NOON}
    assert moved.identities.fresh_reads > 0, "the pool may use another identity than before"


@dataclass(slots=True, kw_only=True)
class SlowPools(HeldPools):
    """Each read takes its seconds, so that the time for looks is over in between."""

    clock: StillClock
    seconds: dict[PoolRef, float]

    def read(self, pool: PoolRef) -> PoolReading:
        self.clock.pass_by(seconds=self.seconds.get(pool, 0))
        return HeldPools.read(self, pool)


@pytest.mark.parametrize(("early", "others_wait"), [(MOMENT, False), (timedelta(0), True)])
def test_when_the_time_is_over_only_the_pool_of_the_order_is_looked_at(early: timedelta, *, others_wait: bool) -> None:
    mailwarden, clock = sound(), StillClock()
    mailwarden.clock = clock
    seconds = {A: (TIME_FOR_LOOKS - early).total_seconds()}
    mailwarden.pools = SlowPools(held=mailwarden.pools.held, clock=clock, seconds=seconds)
    last = POOLS[3]

    look_again(mailwarden).after(wrote(), (A, B, POOLS[2], last))

    left = (B, POOLS[2]) if others_wait else ()
    assert mailwarden.pools.asked == [pool for pool in (A, B, POOLS[2], last) if pool not in left]
    assert waiting(mailwarden) == dict.fromkeys(left, ((LATER,), timedelta(0)))


def test_pools_that_wait_anyhow_keep_none_from_its_look() -> None:
    """The pools that were read before follow those that were not."""
    mailwarden = sound()

    look_again(mailwarden).after(wrote(), POOLS, before=read_before(POOLS[-1]))

    assert looked_at(mailwarden)[POOLS[-1]] == READ_AT
    assert set(waiting(mailwarden)) == set(POOLS[10:12])


def test_a_role_is_read_anew_and_no_identity() -> None:
    mailwarden = sound()

    look_again(mailwarden).after(wrote(ROLE), (A,))

    assert (mailwarden.role.fresh_reads, mailwarden.identities.fresh_reads) == (1, 0)


def test_where_what_was_written_cannot_be_read_all_pools_wait_for_a_look_soon() -> None:
    mailwarden = sound()
    mailwarden.identities.held[OREGON] = unread("ses:GetEmailIdentity")

    look_again(mailwarden).after(wrote(), (A, B))

    assert (mailwarden.pools.asked, looked_at(mailwarden)) == ([], {})
    assert waiting(mailwarden) == dict.fromkeys((A, B), ((LATER,), SOON))


@pytest.mark.parametrize("reading", [DENIED, Missing(arn=A.arn)], ids=["denied", "gone"])
def test_a_pool_that_cannot_be_read_is_looked_at_soon_and_one_that_is_gone_is_forgotten(reading: PoolReading) -> None:
    mailwarden = sound()
    mailwarden.pools.held[A] = reading

    look_again(mailwarden).after(wrote(), (A, B))

    assert looked_at(mailwarden) == {B: NOON}
    assert waiting(mailwarden) == ({A: ((LATER,), SOON)} if reading == DENIED else {})


@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.OFF], ids=["its repair is due", "none is"])
def test_a_pool_that_cannot_send_yet_is_looked_at_soon(mode: RepairMode) -> None:
    mailwarden = sound()
    mailwarden.mode = mode
    mailwarden.hold(replace(OPENED, policies={"theirs": sending_policy(OREGON, B)}))

    look_again(mailwarden).after(wrote(), (A, B))

    assert looked_at(mailwarden) == {A: NOON, B: NOON}
    assert waiting(mailwarden) == {A: ((LATER,), SOON)}


def test_a_pool_of_which_a_newer_look_is_known_is_looked_at_soon() -> None:
    mailwarden = sound()
    look_again(mailwarden).after(wrote(), (A,))

    look_again(mailwarden).after(wrote(), (A,), before=read_before(A))

    assert looked_at(mailwarden) == {A: NOON}
    assert waiting(mailwarden) == {A: ((LATER,), SOON)}


@pytest.mark.parametrize(
    ("delay", "hinted"),
    [(SOON, None), (SOON + MOMENT, SOON + MOMENT), (timedelta(hours=1), timedelta(minutes=15))],
)
def test_a_look_that_waits_long_has_a_hint_of_its_own(delay: timedelta, hinted: timedelta | None) -> None:
    mailwarden = sound()

    look_again(mailwarden).later((A,), cause=LATER, delay=delay)

    if hinted is None:
        assert waiting(mailwarden) == {A: ((LATER,), SOON)}
    else:
        hint = PoolHint(pool=A, cause=LATER, asks_anew=True)
        assert (waiting(mailwarden), mailwarden.hints.waiting) == ({}, [DelayedHint(hint=hint, delay=hinted)])
