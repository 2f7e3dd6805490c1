"""What the journal knows of undone entries, and of the entries of one resource."""

from dataclasses import replace

import pytest

from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.domain.repair.journal import Drifted, Entry, SideEffect, WriteOutcome, Written
from mailwarden.message import verbatim
from mailwarden.ports.repair.journal import Journal
from tests.fakes.examples import SEOUL_POOL, a_change, a_pool, an_intention, later

WHY = verbatim("because")


def read(journal: Journal, entry_id: str) -> Entry:
    entry = journal.entry(entry_id)
    assert entry is not None
    return entry


def test_an_undo_is_known_in_both_directions(journal: Journal) -> None:
    journal.intend(an_intention("entry-1"))
    journal.conclude("entry-1", Written(entry_id="entry-1"), at=later(1))
    journal.intend(replace(an_intention("entry-2", at=later(2)), undoes="entry-1"))
    assert read(journal, "entry-1").undone_by is None

    journal.conclude("entry-2", Written(entry_id="entry-2"), at=later(3))
    journal.conclude("entry-2", Written(entry_id="entry-2"), at=later(4))

    assert read(journal, "entry-1").undone_by == "entry-2"
    assert read(journal, "entry-2").undone_by is None
    assert read(journal, "entry-2").intention.undoes == "entry-1"
    assert read(journal, "entry-1").intention.undoes is None


@pytest.mark.parametrize("outcome", [Drifted(reason=WHY), SideEffect(reason=WHY)])
def test_an_undo_that_was_not_written_undid_nothing(journal: Journal, outcome: WriteOutcome) -> None:
    journal.intend(an_intention("entry-1"))
    journal.intend(replace(an_intention("entry-2", at=later(2)), undoes="entry-1"))

    journal.conclude("entry-2", outcome, at=later(3))

    assert read(journal, "entry-1").undone_by is None


def test_what_undid_an_entry_is_noted_once_and_finished_after_a_crash(dynamo_journal: DynamoJournal) -> None:
    """The process may die between the outcome and the note: whoever concludes it again puts the note."""
    dynamo_journal.intend(an_intention("entry-1"))
    for entry_id in ("entry-2", "entry-3"):
        dynamo_journal.intend(replace(an_intention(entry_id, at=later(2)), undoes="entry-1"))
    table = dynamo_journal._table
    dynamo_journal.conclude("entry-2", Written(entry_id="entry-2"), at=later(3))
    note = {"pk": {"S": "entry-1"}, "sk": {"S": "UNDONE"}}
    table.client.delete_item(TableName=table.name, Key=note)
    assert read(dynamo_journal, "entry-1").undone_by is None

    dynamo_journal.conclude("entry-2", Written(entry_id="entry-2"), at=later(4))
    dynamo_journal.conclude("entry-3", Written(entry_id="entry-3"), at=later(5))

    assert read(dynamo_journal, "entry-1").undone_by == "entry-2"


def test_the_entries_of_a_resource_since_a_time(journal: Journal) -> None:
    for number in range(4):
        journal.intend(an_intention(f"entry-{number}", at=later(number)))
    journal.conclude("entry-2", Written(entry_id="entry-2"), at=later(9))
    journal.intend(an_intention("entry-9", change=a_change(a_pool(2)), at=later(2)))

    found = journal.entries_on(SEOUL_POOL.arn, since=later(1))

    assert [entry.intention.entry_id for entry in found] == ["entry-1", "entry-2", "entry-3"]
    assert [entry.outcome for entry in found] == [None, Written(entry_id="entry-2"), None]
    assert found[1] == read(journal, "entry-2")
    assert journal.entries_on(SEOUL_POOL.arn, since=later(4)) == ()
