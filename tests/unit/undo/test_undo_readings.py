"""What an order to undo reads, at which pools it looks, and what it leaves as it finds it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.operator.undo import UndoCarriedOut, UndoPlanned, UndoRefused, UnjudgedPool
from mailwarden.domain.readings import IdentityReading, Missing, Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.decision import left_alone
from mailwarden.domain.repair.journal import Entry, Refused, WriteResult
from mailwarden.domain.repair.undone_repairs import state_digest
from mailwarden.message import message, verbatim
from mailwarden.service.findings.finding_recorder import LedgerContention
from tests.builders import NOON, HeldIdentities
from tests.fakes.deployment import Deployment, hint
from tests.fakes.journal import InMemoryJournal
from tests.fakes.mortal import Died
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.decisions.test_outcomes import DyingWriter
from tests.unit.operator.repaired import MOVED, PARIS, granted, live_policies, moved
from tests.unit.undo.standing import (
    DENIED,
    SOON,
    A,
    B,
    ReadSoFar,
    judged,
    ordered,
    removal,
    still,
    undo,
    undone_at,
    waiting,
)
from tests.unit.undo.test_undo_outcomes import THROTTLED, ThrottledAfter, undo_with_trouble


@dataclass(slots=True, kw_only=True)
class StaleIdentities(HeldIdentities):
    """Identities of which the cache still says that they are missing."""

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        reading = HeldIdentities.read(self, identity, fresh=fresh)
        return reading if fresh else Missing(arn=identity.arn)


@pytest.mark.parametrize(("confirm", "reads"), [(False, 3), (True, 4)])
def test_an_undo_rests_on_no_cached_reading_and_reads_no_more_than_it_needs(*, confirm: bool, reads: int) -> None:
    """What is live, the judgments now and afterwards; and once it is written, what is live then."""
    mailwarden, entry, _ = still(*granted("A"))
    mailwarden.identities = StaleIdentities(held=mailwarden.identities.held)
    now = judged(mailwarden, A)
    mailwarden.identities.fresh_reads = 0

    answer = undo(mailwarden, entry.intention.entry_id, confirm=confirm)

    assert isinstance(answer, UndoCarriedOut if confirm else UndoPlanned)
    assert mailwarden.identities.fresh_reads == reads
    (foreseen,) = answer.foreseen
    assert not isinstance(foreseen, UnjudgedPool)
    assert foreseen.now == now.judgment.verdict
    if confirm:
        (noted,) = undone_at(mailwarden, A)
        assert noted.state == state_digest(judged(mailwarden, A).judgment.path)


def test_a_pool_that_can_be_judged_only_as_it_is_now_is_not_foreseen() -> None:
    mailwarden, entry, _ = still(*granted("A"))
    mailwarden.pools = ReadSoFar(held=mailwarden.pools.held, often=1)

    answer = undo(mailwarden, entry.intention.entry_id, confirm=False)

    assert isinstance(answer, UndoPlanned)
    assert answer.foreseen == (UnjudgedPool(pool=A, refusal=DENIED),)


def test_of_an_entry_only_the_pools_that_lose_their_grant_are_looked_at() -> None:
    mailwarden, first = granted("A", "B")
    alone, _ = granted("B")
    mailwarden.hold(replace(OPENED, policies=live_policies(alone)))
    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(hint(seoul("A"), event_id="e-2"))
    mailwarden, entry, _ = still(mailwarden, first)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert entry.intention.pools == (A, B)
    assert [each.pool for each in answer.foreseen] == [B]
    assert mailwarden.journal.intentions[answer.undo_id].pools == (B,)
    assert [bool(undone_at(mailwarden, pool)) for pool in (A, B)] == [False, True]


def test_a_pool_that_was_not_reached_because_another_is_busy_is_not_looked_at() -> None:
    mailwarden, entry, at = still(*granted("A", "B", "C"))
    mailwarden.pools = ThrottledAfter(held=mailwarden.pools.held, which=B, refusal=THROTTLED)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoRefused)
    looked_at = {pool: look.looked_at for pool, look in mailwarden.ledger.looks.held.items()}
    assert looked_at[A] == at
    assert looked_at[seoul("C").ref] < at


def test_the_note_of_another_resource_keeps_its_state() -> None:
    mailwarden, entry, at = still(*granted("A"))
    other = UndoneRepair(undo_id="u-0", at=at - timedelta(seconds=1), resource="another", rules=("MW201",), state="s")
    mailwarden.ledger.looks.held[A] = replace(mailwarden.ledger.looks.held[A], undone=(other,))

    undo(mailwarden, entry.intention.entry_id)

    assert other in undone_at(mailwarden, A)


@dataclass(slots=True, kw_only=True)
class Overlooking:
    """A writer that is refused, after the look at a pool noted another undo of the same resource."""

    mailwarden: Deployment
    other: UndoneRepair

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        del change, entry_id
        look = self.mailwarden.ledger.looks.held[A]
        self.mailwarden.ledger.looks.held[A] = replace(look, undone=(*look.undone, self.other))
        return Refused(reason=verbatim("denied"))


def test_a_note_that_is_taken_back_leaves_one_of_another_undo_of_the_resource() -> None:
    mailwarden, entry, at = still(*granted("A"))
    other = UndoneRepair(undo_id="u-2", at=at, resource=OREGON.arn, rules=("MW401",), confirmed=False)
    mailwarden.writer = Overlooking(mailwarden=mailwarden, other=other)

    undo(mailwarden, entry.intention.entry_id)

    assert undone_at(mailwarden, A) == (other,)


def test_a_look_after_an_undo_that_is_not_stored_is_made_again_soon_for_the_same_order() -> None:
    mailwarden, entry, at = still(*granted("A"))

    undo_with_trouble(
        mailwarden,
        entry.intention.entry_id,
        "A",
        LedgerContention("look"),
        fails=lambda: live_policies(mailwarden) == {},
    )

    assert waiting(mailwarden) == {A: ((replace(ordered(at), actor="operator:alice"),), SOON)}


def test_a_finding_that_stayed_open_tells_of_the_undo_although_the_pool_cannot_be_read_afterwards() -> None:
    mailwarden, entry_id = granted("A")
    (key,) = mailwarden.ledger.findings.held
    record = mailwarden.ledger.findings.held[key]
    lifecycle = replace(record.lifecycle, state=FindingState.OPEN, affected={A.arn: NOON})
    mailwarden.ledger.findings.held[key] = replace(record, lifecycle=lifecycle)
    mailwarden, entry, at = still(mailwarden, entry_id)
    mailwarden.pools = ReadSoFar(held=mailwarden.pools.held, often=3)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert mailwarden.ledger.findings.held[key].write.reason == left_alone(answer.undo_id, at)


@dataclass(slots=True, kw_only=True)
class ForgetfulJournal(InMemoryJournal):
    """A journal that names an undo whose own entry is gone."""

    gone: set[str] = field(default_factory=set)

    def entry(self, entry_id: str) -> Entry | None:
        return None if entry_id in self.gone else InMemoryJournal.entry(self, entry_id)


def test_an_undo_whose_entry_is_gone_was_made_all_the_same() -> None:
    mailwarden, entry, _ = still(*granted("A"))
    done = undo(mailwarden, entry.intention.entry_id)
    assert isinstance(done, UndoCarriedOut)
    journal = mailwarden.journal
    mailwarden.journal = ForgetfulJournal(intentions=journal.intentions, outcomes=journal.outcomes, gone={done.undo_id})

    again = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(again, UndoRefused)
    assert again.reason == message("undo.already", entry_id=done.undo_id)
    assert removal(mailwarden, A).before == {}


def test_a_sender_that_a_person_took_back_is_a_choice_although_the_undo_died_after_its_write() -> None:
    mailwarden, entry_id = moved()
    mailwarden.identities.held[PARIS.ref] = Missing(arn=PARIS.ref.arn)
    mailwarden.writer = DyingWriter(by=mailwarden.held_writer())

    with pytest.raises(Died):
        undo(mailwarden, entry_id)

    mailwarden.writer = None
    mailwarden.hold(PARIS)
    for _ in range(3):
        mailwarden.clock.pass_by(hours=1)
        mailwarden.settle_down(PoolHint(pool=MOVED.ref))
    live = mailwarden.pools.held[MOVED.ref]
    assert isinstance(live, Pool)
    assert live.email == MOVED.email
    look = mailwarden.ledger.looks.last(MOVED.ref)
    assert look is not None
    assert look.known_good is not None
    assert look.known_good.email == MOVED.email
    assert "MW108" not in {key.rule_id for key in mailwarden.ledger.findings.held}
