"""MW117 over random histories: no alert about a choice, none is missing about an accident, and the restore is exact."""

from random import Random

import pytest

from mailwarden.domain.known_good.origin import Origin
from mailwarden.domain.known_good.risk_configuration import risk_parts, with_notices
from tests.unit.known_good.risks import (
    ACTIONS,
    ARN,
    CREDENTIALS,
    LEVELS,
    TAKEOVER,
    RiskHistory,
    random_others,
    takeover,
)

HISTORIES = 1000
BATCHES = range(10)


def seeds(batch: int) -> range:
    return range(batch * HISTORIES // len(BATCHES), (batch + 1) * HISTORIES // len(BATCHES))


def choose(history: RiskHistory) -> None:
    """One step in which nobody loses the sender of notices without a word about it."""
    random = history.random
    match random.randrange(6):
        case 0 | 1:
            levels = random.sample(("Low", "Medium", "High"), random.randint(1, 3))
            sender = random.choice((ARN, ARN.replace("security", "alerts")))
            history.call({**random_others(random), TAKEOVER: takeover(*levels, sender=sender)})
        case 2:
            # Responses that no longer notify.
            quiet = dict.fromkeys(random.sample(LEVELS, random.randint(1, 3)), ACTIONS[1])
            history.call({**random_others(random), TAKEOVER: {"Actions": quiet}})
        case 3:
            history.call({})
        case 4:
            history.look(sweep=not history.waiting)
        case _:
            history.look()


@pytest.mark.parametrize("batch", BATCHES)
def test_what_somebody_chose_is_never_called_a_loss(batch: int) -> None:
    for seed in seeds(batch):
        history = RiskHistory(random=Random(seed))  # noqa: S311 - no secret
        for _ in range(history.random.randint(3, 12)):
            choose(history)
        history.look()
        history.pass_by(minutes=11)
        history.look(sweep=True)

        assert history.alarms == [], f"history {seed}"


@pytest.mark.parametrize("batch", BATCHES)
def test_no_accident_is_missed_and_its_restore_changes_nothing_else(batch: int) -> None:
    for seed in seeds(batch):
        history = RiskHistory(random=Random(seed))  # noqa: S311 - no secret
        random = history.random
        for _ in range(random.randint(0, 5)):
            choose(history)
        before = {**random_others(random), TAKEOVER: takeover("High", silent=("Low",))}
        history.call(before)
        history.look()
        # Another part is set, alone or with responses that want to notify and name no sender.
        accident = {**random_others(random), CREDENTIALS: {"Actions": {"EventAction": "BLOCK"}}}
        if random.random() < 0.4:
            accident[TAKEOVER] = {"Actions": {"MediumAction": ACTIONS[0]}}
        heard, shown = random.random() < 0.8, random.random() < 0.8
        history.call(accident, heard=heard, shown=shown)
        for _ in range(random.randint(0, 3)):
            history.look(sweep=random.random() < 0.5)
        history.look()
        history.pass_by(minutes=11)
        lost = history.look(sweep=True)

        assert lost is not None, f"history {seed}"
        assert lost in history.alarms, f"history {seed}"
        assert (lost.origin is Origin.LEFT_OUT) is (heard and shown), f"history {seed}"
        assert history.known is not None
        risk = history.pool.risk
        assert risk is not None
        after = with_notices(risk, history.known.sender)
        assert after is not None
        then, live = risk_parts(after), risk_parts(risk)
        assert {**then, TAKEOVER: None} == {**live, TAKEOVER: None}, f"history {seed}"
        restored = then[TAKEOVER]
        assert isinstance(restored, dict)
        sender, responses = takeover("High", silent=("Low",)).values()
        assert restored["NotifyConfiguration"] == sender
        wanted = accident.get(TAKEOVER, {"Actions": responses})
        assert isinstance(wanted, dict)
        assert restored["Actions"] == wanted["Actions"]

        # The restore is a call that names a sender: the loss is over, and the next one is another.
        history.call(dict(then))
        assert history.look() is None, f"history {seed}"
