"""What a write leaves in a finding's record, and whose call it is blamed on, as the tables say it."""

from dataclasses import replace

from mailwarden.domain.findings.lifecycle import observe, record_write
from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.repair.outcome_record import record_wait
from mailwarden.message import verbatim
from tests.builders import NOON
from tests.fakes.records import changed
from tests.tables import combinations, table
from tests.unit.decisions.records import (
    HANDLED,
    PROPOSED,
    SECOND,
    call,
    observation,
    record,
)

WRITES = table("lifecycle", "We write")
BLAMES = table("lifecycle", "Whose call it was")
DID = ("withheld", "pending", "writing", "written", "failed")


def test_every_write_is_recorded_as_the_table_says() -> None:
    for case in combinations(
        record=("open", "exempt", "repaired", "resolved"),
        did=DID,
        now=("writing", "written", "failed"),
        note=("same", "new"),
        told=("yes", "no"),
        due=("yes", "no"),
    ):
        current = record({**case, "pools": "this", "silent": "everybody" if case["record"] == "exempt" else "nobody"})
        reason = current.write.reason if case["note"] == "same" else verbatim("new note")
        handled, at = replace(HANDLED[case["now"]], reason=reason), NOON + SECOND

        after = record_write(current, handled, at=at)

        outcome = WRITES.decide(case)
        announce = {
            "": current.lifecycle.announce_after,
            "at once": at,
            "at once, or earlier": min(at, current.lifecycle.announce_after),
        }
        assert after == changed(
            current,
            handling=handled.handling,
            reason=reason,
            proposed=handled.proposed,
            undo_id=handled.undo_id,
            revision=8,
            version=4 if outcome["version"] == "next" else 3,
            state=FindingState(outcome["state"] or case["record"]),
            changed_at=at if outcome["state"] else NOON,
            announce_after=announce[outcome["announce"]],
        ), case
    assert WRITES.idle == []


def test_the_blame_is_laid_as_the_table_says() -> None:
    calls = {
        "none": None,
        "before": call("before", seconds=-3),
        "earlier before": replace(call("earlier", seconds=-5), actor="bob"),
        "with the known": replace(call("with", seconds=-3), actor="bob"),
        "later before": replace(call("later", seconds=-1), actor="bob"),
        "at": replace(call("at", seconds=0), actor="bob"),
        "after": replace(call("after", seconds=1), actor="carol"),
    }
    look = {"record": "open", "did": "withheld", "pools": "this", "word": "same", "now": "withheld", "look": "later"}
    for case in combinations(known=("none", "before", "after"), call=tuple(calls)):
        current = changed(record(look), cause=calls[case["known"]])

        found = observe(current, observation(look, cause=calls[case["call"]]))

        assert found is not None
        led, known, also = found.seen.cause, calls[case["known"]], calls[case["call"]]
        blamed = calls[case[BLAMES.decide(case)["blamed"]]]
        assert (None if led is None else led.calls[0]) == blamed, case
        if led is not None and known is not None and also is not None and also.at <= current.lifecycle.opened_at:
            assert set(led.calls) == {known, also}, case
    assert BLAMES.idle == []


def test_a_repair_that_goes_on_waiting_keeps_its_proposal_and_is_no_news() -> None:
    pending, open_ = (record({"record": "open", "did": did, "pools": "this"}) for did in ("pending", "withheld"))

    waits = record_wait(pending, verbatim("throttled"), at=NOON)

    write = LastWrite(handling=Handling.PENDING, reason=verbatim("throttled"), proposed=PROPOSED, by_order=True)
    lifecycle = replace(pending.lifecycle, revision=pending.lifecycle.revision + 1)
    assert waits == replace(pending, write=write, lifecycle=lifecycle)
    assert record_wait(open_, verbatim("throttled"), at=NOON) is open_
