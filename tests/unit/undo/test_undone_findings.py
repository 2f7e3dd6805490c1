"""What becomes of a finding when a person undoes its write: whole records."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.record import FindingRecord, Handling, LastWrite
from mailwarden.domain.repair.outcome_record import record_undone
from mailwarden.message import verbatim
from tests.builders import NOON
from tests.unit.decisions.records import PROPOSED, record

REASON = verbatim("undone")
OPEN = record({"record": "open", "did": "written", "pools": "this"})
OVER = record({"record": "repaired", "did": "written", "pools": "this"})
DUE = OPEN.lifecycle.announce_after
BEFORE, AFTER = DUE - timedelta(seconds=1), DUE + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("current", "undone"),
    [
        (None, "old undo"),
        (OPEN, "another"),
        (OVER, "old undo"),
        (record({"record": "open", "did": "pending", "pools": "this"}), ""),
    ],
)
def test_only_an_open_finding_of_that_write_changes(current: FindingRecord | None, undone: str) -> None:
    assert record_undone(current, undone=undone, reason=REASON, at=NOON) is None


@pytest.mark.parametrize("at", [BEFORE, AFTER])
@pytest.mark.parametrize("was_told", [True, False])
def test_it_is_left_alone_and_told_at_once_once_more_if_it_was_told(at: datetime, *, was_told: bool) -> None:
    told = {"topic": OPEN.lifecycle.opened_version} if was_told else {}
    before = replace(OPEN.lifecycle, announced=told)

    undone = record_undone(replace(OPEN, lifecycle=before), undone="old undo", reason=REASON, at=at)

    due = at if was_told else min(at, DUE)
    after = replace(before, version=before.version + int(was_told), revision=before.revision + 1, announce_after=due)
    write = LastWrite(handling=Handling.WITHHELD, reason=REASON, proposed=PROPOSED)
    assert undone == replace(OPEN, write=write, lifecycle=after)
