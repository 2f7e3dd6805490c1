"""Calls late, lost, doubled, hidden or out of order: no choice is reverted, and no alert blames the wrong call."""

from datetime import timedelta

import pytest

from tests.unit.known_good.histories import random_of
from tests.unit.known_good.world import OTHERS, PLAIN, SENDERS, World

WORLDS = 120
BATCHES = range(4)


def seeds(batch: int) -> range:
    return range(batch * WORLDS // len(BATCHES), (batch + 1) * WORLDS // len(BATCHES))


def a_step(world: World) -> None:
    random = world.random
    match random.randrange(11):
        case 0 | 1:
            world.choose(random.choice(SENDERS))
        case 2 | 3 | 4:
            world.forget(by=random.choice(OTHERS) if random.random() < 0.3 else None)
        case 5:
            world.choose(random.choice(SENDERS), by=random.choice(OTHERS))
        case 6:
            world.touch()
        case 7:
            world.fail(PLAIN)
        case 8:
            world.order(SENDERS[2])
        case _:
            pass
    # Two calls of a script come in one second, those of two people minutes apart.
    world.wait(minutes=random.choice((0, 0, 0, 0.5, 3, 20, 70)))


def live_through(seed: int, *, wait: timedelta | None = None) -> None:
    """A course of calls in one world; *wait* replaces the time that a restore waits for late records."""
    world = World(random=random_of(seed))
    if wait is not None:
        world.mailwarden.restore_after = wait
    world.begin()
    for _ in range(world.random.randint(3, 9)):
        a_step(world)
    world.wait(minutes=90)

    world.blames_only_who_did_it()


@pytest.mark.parametrize("batch", BATCHES)
def test_no_choice_is_reverted_and_no_alert_blames_the_wrong_call(batch: int) -> None:
    for seed in seeds(batch):
        live_through(seed)


@pytest.mark.parametrize("seed", [140, 287, 288])
def test_the_wait_keeps_a_restore_from_what_a_late_record_forbids(seed: int) -> None:
    with pytest.raises(AssertionError, match="was reverted"):
        live_through(seed, wait=timedelta(0))
    live_through(seed)


def test_a_plain_accident_in_such_a_world_is_restored() -> None:
    restored = 0
    for seed in range(6):
        world = World(random=random_of(seed), most_late=timedelta(minutes=1))
        world.begin()
        world.forget(kind=True)
        world.wait(minutes=40)
        restored += world.restored

    assert restored == 6
