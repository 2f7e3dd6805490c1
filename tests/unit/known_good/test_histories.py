"""MW108 over random histories: no alert about what somebody chose, and none is missing about an accident."""

import pytest

from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.record import Standing
from tests.unit.known_good.histories import (
    DEFAULT,
    HEARD_WITHIN,
    SENDERS,
    History,
    anything_but_a_choice,
    deliberate_step,
    random_of,
)

HISTORIES = 1000
BATCHES = range(10)


@pytest.mark.parametrize("batch", BATCHES)
def test_deliberate_changes_are_never_called_a_reset(batch: int) -> None:
    for seed in range(batch * HISTORIES // len(BATCHES), (batch + 1) * HISTORIES // len(BATCHES)):
        history = History(random=random_of(seed))
        for _ in range(history.random.randint(3, 12)):
            deliberate_step(history)
            if history.waiting and history.at - history.modified > HEARD_WITHIN / 2:
                history.look()
        history.hold()

        assert history.alarms == [], f"history {seed}"
        assert history.known is not None
        assert history.known.email == history.email, f"history {seed}"
        assert history.known.standing is Standing.HELD, f"history {seed}"


@pytest.mark.parametrize("batch", BATCHES)
def test_no_accident_is_missed(batch: int) -> None:
    for seed in range(batch * HISTORIES // len(BATCHES), (batch + 1) * HISTORIES // len(BATCHES)):
        history = History(random=random_of(seed))
        for _ in range(history.random.randint(0, 6)):
            deliberate_step(history)
            if history.waiting and history.at - history.modified > HEARD_WITHIN / 2:
                history.look()
        if history.email == DEFAULT:
            history.call(history.random.choice(SENDERS))
        history.hold()
        lost = history.email
        if history.random.random() < 0.3 and lost.source_arn:
            # Somebody chooses another sender, and the accident comes before any look at it.
            history.call(history.random.choice(SENDERS[:-1]))
        heard, hidden = history.random.random() < 0.8, history.random.random() < 0.2
        history.call(None, heard=heard, hidden=hidden)
        for _ in range(history.random.randint(0, 4)):
            anything_but_a_choice(history)
        history.look()
        history.pass_by(minutes=11)
        reset = history.look(sweep=True)

        assert reset is not None, f"history {seed}"
        assert reset in history.alarms, f"history {seed}"
        assert reset.known.email == lost, f"history {seed}"
        if not heard and reset.authorship.origin is Origin.NOT_HEARD:
            assert reset.authorship.calls == (), f"history {seed}"
        if heard and not hidden:
            assert reset.authorship.calls, f"history {seed}"


def test_a_restored_sender_ends_it_and_the_next_accident_is_another() -> None:
    history = History(random=random_of(1))
    history.call(SENDERS[0])
    history.hold()
    history.call(None)
    assert history.look() is not None
    history.call(SENDERS[0])
    assert history.look() is None
    history.hold()
    history.call(None)

    reset = history.look()

    assert reset is not None
    assert len(reset.authorship.calls) == 1
