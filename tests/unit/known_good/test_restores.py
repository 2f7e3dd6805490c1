"""A lost sender is restored over random histories: no choice is ever reverted, and what is proved is restored."""

import pytest

from mailwarden.domain.known_good.evidence import accident_in
from mailwarden.domain.refs.causes import Cause
from tests.unit.known_good.histories import (
    DEFAULT,
    HEARD_WITHIN,
    SENDERS,
    TOOLS,
    History,
    deliberate_step,
    random_of,
)

HISTORIES = 1000
BATCHES = range(10)
HAND_TOOLS, DEPLOYMENTS = TOOLS[:2], TOOLS[2:]


def seeds(batch: int) -> range:
    return range(batch * HISTORIES // len(BATCHES), (batch + 1) * HISTORIES // len(BATCHES))


def step_that_may_not_be_heard(history: History) -> None:
    """A choice, or a call that leaves EmailConfiguration out where there is none; events may be lost."""
    heard = history.random.random() < 0.7
    match history.random.randrange(5):
        case 0 | 1:
            history.call(history.random.choice((*SENDERS, DEFAULT)), heard=heard)
        case 2 if history.email == DEFAULT:
            history.call(None, heard=heard, hidden=history.random.random() < 0.2)
        case 3:
            history.other_call()
        case _:
            deliberate_step(history)


@pytest.mark.parametrize("batch", BATCHES)
def test_what_somebody_chose_is_never_reverted_whichever_events_are_lost(batch: int) -> None:
    for seed in seeds(batch):
        history = History(random=random_of(seed))
        for _ in range(history.random.randint(4, 16)):
            step_that_may_not_be_heard(history)
            if history.random.random() < 0.6:
                reset = history.look(sweep=history.random.random() < 0.3)
                assert not history.restores(reset), f"history {seed}"


@pytest.mark.parametrize("batch", BATCHES)
def test_exactly_the_accidents_that_the_records_prove_are_restored(batch: int) -> None:
    restored = 0
    for seed in seeds(batch):
        history = History(random=random_of(seed))
        chance = history.random.random
        for _ in range(history.random.randint(0, 4)):
            deliberate_step(history)
            if history.waiting and history.at - history.modified > HEARD_WITHIN / 2:
                history.look()
        if chance() < 0.8 or history.email == DEFAULT:
            history.call(history.random.choice(SENDERS))
        history.hold()
        lost = history.email
        learned = history.learned
        unseen_choice = chance() < 0.15
        if unseen_choice:
            others = [sender for sender in SENDERS[:-1] if sender != lost]
            history.call(history.random.choice(others), heard=chance() < 0.5)
        heard, hidden, deployed = chance() < 0.8, chance() < 0.2, chance() < 0.3
        tool = history.random.choice(DEPLOYMENTS if deployed else HAND_TOOLS)
        history.call(None, heard=heard, hidden=hidden, tool=tool)
        second, tagged = chance() < 0.15, chance() < 0.1
        if second:
            history.call(None, heard=chance() < 0.5, tool=tool)
        if tagged:
            history.pass_by(seconds=10)
            history.other_call()

        reset = history.look()

        proved = heard and not hidden and not deployed and not second and not tagged and not unseen_choice
        assert history.restores(reset) == (proved and learned), f"history {seed}"
        if reset is not None and history.restores(reset):
            assert reset.known.email == lost, f"history {seed}"
            restored += 1
    assert restored > 10


def test_a_region_whose_records_never_showed_it_restores_nothing() -> None:
    history = History(random=random_of(3), email=SENDERS[0])
    history.hold()
    history.call(None, tool=HAND_TOOLS[0])

    reset = history.look()

    assert reset is not None
    assert isinstance(accident_in(reset, modified=history.modified), Cause)
    assert not history.learned
    assert not history.restores(reset)
