"""When a write counts as undone, and by whom: only what starts from another state, and only a call of somebody else."""

from dataclasses import replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.monitoring.fights import Direction
from mailwarden.domain.refs.causes import OUR_USER_AGENT
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import verbatim
from mailwarden.service.repair.fights import Fights
from tests.builders import NOON, identity_ref, pool_ref
from tests.fakes.deployment import cause
from tests.fakes.ledger.in_memory import InMemoryLedger

POOL, SENDER = pool_ref(), identity_ref()
FIRST = GrantSending(identity=SENDER, pools=(POOL,), before={"ours": None}, after={"ours": "{}"})
# The rest is granted beside what is there, and granted again because it is gone.
ON_TOP = replace(FIRST, before={"ours": "{}"}, after={"ours": "[]"})


def noted(ledger: InMemoryLedger, *, at: datetime = NOON) -> Fights:
    fights = Fights(histories=ledger.histories)
    fights.note(
        Intention(
            entry_id=f"e-{at}",
            at=at,
            findings=(),
            pools=(POOL,),
            title=verbatim("t"),
            change=FIRST,
            change_digest=change_digest(FIRST),
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
