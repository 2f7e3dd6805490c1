"""A pool that could not be read: what is kept of such a look, and what of it gives way to another one."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.look_record import EVERY_RULE, LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.service.findings.finding_recorder import LedgerContention
from tests.builders import NOON
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.unit.decisions.looks import MINUTE, MONITORING, POOL, TIMES, keep, key, named, recorder
from tests.unit.service.test_interrupted_looks import Crowded, Interrupted


def test_a_pool_that_could_not_be_read_is_not_said_to_send_and_keeps_its_findings() -> None:
    ledger = InMemoryLedger()
    keep(ledger, "MW999")
    known = ledger.looks.last(POOL.ref)
    assert known is not None

    recorder(ledger).unreadable(POOL.ref, at=NOON + MINUTE)

    assert ledger.looks.last(POOL.ref) == replace(
        known, looked_at=NOON + MINUTE, answer=Answer.UNKNOWN, deciding=Link.SENDER, undecided=(EVERY_RULE,)
    )
    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN


def test_a_pool_that_could_never_be_read_is_found_by_the_monitoring_of_its_region() -> None:
    ledger = InMemoryLedger()

    recorder(ledger).unreadable(POOL.ref, at=NOON)

    assert ledger.looks.last(POOL.ref) == LookRecord(
        pool=POOL.ref,
        pool_name="",
        looked_at=NOON,
        answer=Answer.UNKNOWN,
        deciding=Link.SENDER,
        findings=(),
        uses=(MONITORING,),
        undecided=(EVERY_RULE,),
    )


@pytest.mark.parametrize("look", ["earlier", "same time", "later"])
def test_only_an_earlier_look_that_could_not_read_the_pool_says_nothing(look: str) -> None:
    ledger = InMemoryLedger()
    keep(ledger)

    kept = recorder(ledger).unreadable(POOL.ref, at=TIMES[look])

    known = ledger.looks.last(POOL.ref)
    assert known is not None
    assert (kept, known.answer) == ((False, Answer.YES) if look == "earlier" else (True, Answer.UNKNOWN))


def test_a_look_that_could_not_read_a_pool_which_was_deleted_since_is_not_kept() -> None:
    ledger = InMemoryLedger()
    recorder(ledger).forget(POOL.ref, cause=None, at=NOON + MINUTE)

    assert recorder(ledger).unreadable(POOL.ref, at=NOON) is False
    assert ledger.looks.last(POOL.ref) is None


@pytest.mark.parametrize("other", ["earlier", "later"])
def test_what_another_look_finds_meanwhile_is_kept_and_the_later_of_both_has_the_last_word(other: str) -> None:
    looks = Interrupted()
    ledger = InMemoryLedger(looks=looks)
    looks.meanwhile.append(lambda: keep(ledger, "MW999", at=TIMES[other]))

    kept = recorder(ledger).unreadable(POOL.ref, at=NOON)

    known = looks.last(POOL.ref)
    assert known is not None
    assert (kept, known.answer) == ((True, Answer.UNKNOWN) if other == "earlier" else (False, Answer.NO))
    assert named(ledger) == ["MW999"]
    assert ledger.findings.held[key("MW999")].lifecycle.state is FindingState.OPEN


def test_a_look_that_cannot_read_its_pool_and_is_never_fast_enough_names_the_pool() -> None:
    ledger = InMemoryLedger()
    keep(ledger)
    crowded = InMemoryLedger(looks=Crowded(held=ledger.looks.held))

    with pytest.raises(LedgerContention, match=POOL.ref.arn):
        recorder(crowded).unreadable(POOL.ref, at=NOON + MINUTE)
