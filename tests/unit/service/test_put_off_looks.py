"""A look that is put off keeps what every hint for it said: its calls, and that it has to be fresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.refs.hints import IdentityHint, PoolHint, WaitingLook
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.service.inspection.fan_out import EVERY_LOOK, FanOut, cognito_schedule
from mailwarden.service.inspection.inspect import Inspector
from tests.builders import NOON, identity_ref
from tests.fakes.deployment import Deployment, cause
from tests.fakes.inspection import fan_out_of
from tests.fakes.ledger.waiting import InMemoryWaitingLooks
from tests.fakes.passing import ThrottledIdentities, TimedHintQueue, run
from tests.unit.service.crowds import known, users

CALL = cause(event_id="direct", at=NOON + timedelta(hours=2))
THEIRS = cause("DeleteEmailIdentityPolicy", event_id="theirs", at=NOON + timedelta(hours=2))
(POOL,) = users(1)
WAITED = PoolHint(pool=POOL.ref, waits=True)
DIRECT = PoolHint(pool=POOL.ref, cause=CALL)


def waiting_look() -> tuple[Deployment, TimedHintQueue, Inspector]:
    """A batch whose readings of SES are throttled, and a look that waits and is due."""
    mailwarden, queue, _ = known(POOL)
    now, mailwarden.recent = mailwarden.clock.at, None
    mailwarden.ledger.waiting.put(WaitingLook(pool=POOL.ref, wanted_at=now, due=now), now=now)
    throttle(mailwarden)
    return mailwarden, queue, mailwarden.inspector()


def throttle(mailwarden: Deployment) -> ThrottledIdentities:
    """Another caller just took SES's one call of this second."""
    identities = ThrottledIdentities(held=mailwarden.identities.held, clock=mailwarden.clock)
    identities.taken["us-east-1"] = mailwarden.clock.at
    mailwarden.identities = identities
    return identities


def put_off(inspector: Inspector, *hints: PoolHint) -> None:
    """One batch, whose look is put off."""
    (look,) = inspector.begin(hints)
    assert inspector.inspect(look).comes_again


@pytest.mark.parametrize("hints", [(WAITED, DIRECT), (DIRECT, WAITED)], ids=["waited first", "direct first"])
def test_the_call_of_a_hint_that_came_with_a_waiting_look_is_kept(hints: tuple[PoolHint, PoolHint]) -> None:
    mailwarden, queue, inspector = waiting_look()

    put_off(inspector, *hints)

    look = mailwarden.ledger.waiting.held[POOL.ref]
    assert (look.causes, look.attempt) == ((CALL,), 1)
    assert [hint for _, hint in queue.timed] == [WAITED]


def test_the_freshness_of_a_hint_without_a_call_is_kept() -> None:
    mailwarden, _, inspector = waiting_look()

    put_off(inspector, WAITED, PoolHint(pool=POOL.ref, asks_anew=True))

    assert mailwarden.ledger.waiting.held[POOL.ref].asks_anew


def test_a_call_is_kept_also_if_another_process_made_the_waiting_look_meanwhile() -> None:
    mailwarden, queue, inspector = waiting_look()
    (look,) = inspector.begin((WAITED, DIRECT))
    mailwarden.ledger.waiting.end(mailwarden.ledger.waiting.held[POOL.ref])

    inspector.inspect(look)

    kept = mailwarden.ledger.waiting.held[POOL.ref]
    assert kept.causes == (CALL,)
    assert len(queue.timed) == 1


def test_a_look_that_is_put_off_again_and_again_answers_the_call_in_the_end() -> None:
    mailwarden, queue, inspector = waiting_look()
    put_off(inspector, WAITED, DIRECT)

    run(mailwarden, queue, until=timedelta(hours=1))

    changed_by = mailwarden.ledger.looks.held[POOL.ref].changed_by
    assert changed_by is not None
    assert "direct" in {each.event_id for each in changed_by.calls}
    assert not mailwarden.ledger.waiting.held


@dataclass(slots=True, kw_only=True)
class Raced(InMemoryWaitingLooks):
    """Before a look is put, another process lets one wait for the same pool."""

    def put(self, look: WaitingLook, *, now: datetime) -> bool:
        theirs = replace(look, causes=(THEIRS,), asks_anew=False, asker="theirs")
        InMemoryWaitingLooks.put(self, theirs, now=now)
        return InMemoryWaitingLooks.put(self, look, now=now)


def spreads(fan_out: FanOut, _: Inspector) -> None:
    fan_out.shares.reserve(cognito_schedule("us-east-1"), places=50, every=EVERY_LOOK, now=fan_out.clock.now())
    assert fan_out.spread([POOL.ref], cause=CALL) == ()


def waits(fan_out: FanOut, _: Inspector) -> None:
    fan_out.wait([POOL.ref], cause=CALL)


def is_throttled(_: FanOut, inspector: Inspector) -> None:
    put_off(inspector, DIRECT)


@pytest.mark.parametrize("happens", [spreads, waits, is_throttled])
def test_a_look_that_loses_the_race_to_wait_is_covered_by_the_one_that_won(
    happens: Callable[[FanOut, Inspector], None],
) -> None:
    mailwarden, _, inspector = waiting_look()
    mailwarden.ledger.waiting = Raced()
    inspector = mailwarden.inspector()

    happens(fan_out_of(mailwarden), inspector)

    look = mailwarden.ledger.waiting.held[POOL.ref]
    assert {each.event_id for each in look.causes} == {"theirs", "direct"}
    assert look.asks_anew


@dataclass(slots=True, kw_only=True)
class Unsendable(TimedHintQueue):
    """A queue that takes nothing for a moment."""

    down: bool = False

    def send(self, hints: Sequence[DelayedHint]) -> None:
        if self.down and hints:
            raise ConnectionError("SQS does not answer")
        TimedHintQueue.send(self, hints)


@pytest.mark.parametrize("happens", [spreads, waits, is_throttled])
def test_a_look_whose_message_could_not_be_sent_is_made_when_its_event_comes_again(
    happens: Callable[[FanOut, Inspector], None],
) -> None:
    mailwarden, _, _ = waiting_look()
    mailwarden.ledger.waiting.held.clear()
    queue = Unsendable(clock=mailwarden.clock, down=True)
    mailwarden.hints = queue
    with pytest.raises(ConnectionError):
        happens(fan_out_of(mailwarden), mailwarden.inspector())
    assert mailwarden.ledger.waiting.held

    queue.down = False
    if happens is waits:
        waits(fan_out_of(mailwarden), mailwarden.inspector())
    else:
        told = IdentityHint(identity=identity_ref(), cause=CALL) if happens is spreads else DIRECT
        mailwarden.inspect(told)
    run(mailwarden, queue)

    assert not mailwarden.ledger.waiting.held


def is_swept(_: FanOut, inspector: Inspector) -> None:
    inspector.fan_out.shares.reserve(
        cognito_schedule("us-east-1"), places=50, every=EVERY_LOOK, now=inspector.started_at
    )
    assert inspector.begin([PoolHint(pool=POOL.ref)]) == ()


@pytest.mark.parametrize("happens", [spreads, waits, is_throttled, is_swept])
def test_a_look_whose_message_is_lost_gets_another_with_the_next_hint(
    happens: Callable[[FanOut, Inspector], None],
) -> None:
    mailwarden, queue, _ = waiting_look()
    mailwarden.clock.pass_by(minutes=3)
    throttle(mailwarden)

    happens(fan_out_of(mailwarden), mailwarden.inspector())

    assert [hint for _, hint in queue.timed] == [WAITED]
    run(mailwarden, queue)
    assert not mailwarden.ledger.waiting.held


def test_a_look_that_is_put_off_late_in_its_batch_reads_nothing_from_before_its_call_was_noted() -> None:
    mailwarden, queue, _ = waiting_look()
    mailwarden.ledger.waiting.held.clear()
    identities = throttle(mailwarden)
    inspector = mailwarden.inspector()
    (look,) = inspector.begin([DIRECT])
    mailwarden.clock.pass_by(seconds=45)
    identities.taken["us-east-1"] = mailwarden.clock.at

    inspector.inspect(look)

    assert mailwarden.ledger.waiting.held[POOL.ref].wanted_at >= inspector.started_at + timedelta(seconds=45)
    assert [hint for _, hint in queue.timed] == [WAITED]
