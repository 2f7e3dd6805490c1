"""When a write counts as undone, and by whom: only what starts from another state, and only a call of somebody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.changes import GrantSending, OperatorChange, RemoveSuppression, ReplaceRiskConfiguration
from mailwarden.domain.monitoring.fights import Direction, Undoing, WriteHistory
from mailwarden.domain.refs.causes import OUR_USER_AGENT
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import verbatim
from mailwarden.service.repair.fights import Fights
from tests.builders import NOON, identity_ref, pool_ref, ses_account
from tests.fakes.deployment import cause
from tests.fakes.ledger.findings import InMemoryWriteHistories
from tests.fakes.ledger.in_memory import InMemoryLedger

POOL, SENDER = pool_ref(), identity_ref()
FIRST = GrantSending(identity=SENDER, pools=(POOL,), before={"ours": None}, after={"ours": "{}"})
# The rest is granted beside what is there, and granted again because it is gone.
ON_TOP = replace(FIRST, before={"ours": "{}"}, after={"ours": "[]"})


BY_PERSONS = [
    RemoveSuppression(account=ses_account().ref, address_digest="0" * 64, reason="BOUNCE", since=NOON),
    ReplaceRiskConfiguration(pool=POOL, before="{}", after="{}"),
]


@dataclass(slots=True, kw_only=True)
class CountedHistories(InMemoryWriteHistories):
    """Counts what is stored."""

    puts: int = 0

    def put(self, pool: PoolRef, history: WriteHistory) -> None:
        self.puts += 1
        InMemoryWriteHistories.put(self, pool, history)


def noted(ledger: InMemoryLedger, change: GrantSending | OperatorChange = FIRST, *, at: datetime = NOON) -> Fights:
    fights = Fights(histories=ledger.histories)
    fights.note(
        Intention(
            entry_id=f"e-{at}",
            at=at,
            findings=(),
            pools=(POOL,),
            title=verbatim("t"),
            change=change,
            change_digest="0" * 64,
            cause=None,
        )
    )
    return fights


def undone_by(ledger: InMemoryLedger, pool: PoolRef = POOL) -> str | None:
    history = ledger.histories.of(pool, SENDER.arn, Direction.GRANT)
    assert history is not None
    return None if history.undone is None or history.undone.cause is None else history.undone.cause.event_id


def test_a_write_that_starts_from_what_we_left_undoes_nothing() -> None:
    ledger = InMemoryLedger()
    fights = noted(ledger)

    assert fights.pause(POOL, ON_TOP, causes=(cause(),), at=NOON + timedelta(minutes=1)) is None

    history = ledger.histories.of(POOL, SENDER.arn, Direction.GRANT)
    assert history is not None
    assert history.undone is None


def test_who_undid_it_is_the_first_actor_but_us() -> None:
    ledger = InMemoryLedger()
    fights = noted(ledger)
    before, ours, theirs, later = (
        replace(cause(event_id=name, at=NOON + timedelta(seconds=seconds)), user_agent=agent)
        for name, seconds, agent in (
            ("before", -1, "aws-cli/2"),
            ("ours", 1, f"{OUR_USER_AGENT}0.1.0"),
            ("theirs", 2, "aws-cli/2"),
            ("later", 3, "aws-cli/2"),
        )
    )

    fights.pause(POOL, FIRST, causes=(before, ours), at=NOON + timedelta(minutes=1))
    assert undone_by(ledger) is None
    fights.pause(POOL, FIRST, causes=(later, None, theirs), at=NOON + timedelta(minutes=2))

    assert undone_by(ledger) == "theirs"


@pytest.mark.parametrize("change", BY_PERSONS, ids=lambda change: type(change).__name__)
def test_what_only_persons_order_is_no_side_of_a_fight(change: OperatorChange) -> None:
    ledger = InMemoryLedger()

    noted(ledger, change)

    assert ledger.histories.held == {}


def test_that_a_write_is_undone_is_stored_once_with_the_time_at_which_it_was_seen_first() -> None:
    histories = CountedHistories()
    ledger = InMemoryLedger(histories=histories)
    fights, told = noted(ledger), cause(at=NOON + timedelta(seconds=2))
    stored = histories.puts

    for minutes in (1, 2, 3):
        fights.pause(POOL, FIRST, causes=(told,), at=NOON + timedelta(minutes=minutes))

    history = ledger.histories.of(POOL, SENDER.arn, Direction.GRANT)
    assert history is not None
    assert history.undone == Undoing(seen_at=NOON + timedelta(minutes=1), cause=told)
    assert histories.puts == stored + 1
