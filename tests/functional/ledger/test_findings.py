"""What the ledger promises about findings and announcements: the same in memory and in DynamoDB."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.message import verbatim
from tests.fakes.examples import (
    ACCOUNT,
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_pool,
    a_record,
    key_of,
    later,
)
from tests.fakes.ledger.roles import LedgerRoles, put
from tests.fakes.records import changed

KEY = key_of(a_record())
SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="transactional")
FOREIGN_POOL = replace(a_pool(7), account="999988887777", partition="aws-cn", region="cn-north-1")


def awaiting(ledger: LedgerRoles, at: float = 0) -> list[FindingKey]:
    return [key_of(record) for record in ledger.findings.awaiting_announcement(now=later(at))]


@pytest.mark.parametrize(
    "record",
    [
        a_record(),
        a_record(
            cause=None,
            proposed=None,
            deciding=None,
            undo_id=None,
            evidence={},
            affected={},
            pool=None,
            reason=None,
            remediation=verbatim(""),
        ),
        a_record(
            subject=OREGON_IDENTITY,
            severity=Severity.LOW,
            effect=Effect.NONE,
            state=FindingState.REPAIRED,
            handling=Handling.WRITTEN,
            undo_id="entry-1",
            announced={"topic": 1, "chat": 1},
            verdict=Answer.UNKNOWN,
            deciding=Link.CONFIGURATION_SET,
            version=3,
            revision=1,
        ),
        a_record(subject=OREGON_ACCOUNT, affected={a_pool(n).arn: later(n) for n in range(40)}),
        a_record(subject=SET, affected={a_pool(1).arn: MORNING, FOREIGN_POOL.arn: later(1)}),
        a_record(pool_name='"; DROP \U0001f4a5 \u202e <!channel>', message=verbatim("é" * 3000)),
        a_record(opened_at=MORNING.replace(microsecond=0), changed_at=MORNING.replace(microsecond=999_999)),
    ],
    ids=["usual", "bare", "full", "many affected", "pools elsewhere", "odd texts", "microseconds"],
)
def test_gives_a_record_back_as_it_was_put(ledger: LedgerRoles, record: FindingRecord) -> None:
    afterwards = ledger.findings.update(key_of(record), lambda _: record)

    assert afterwards == record
    assert ledger.findings.read(key_of(record)) == record


def test_a_change_is_made_of_what_is_stored(ledger: LedgerRoles) -> None:
    seen: list[FindingRecord | None] = []

    def change(current: FindingRecord | None) -> FindingRecord:
        seen.append(current)
        return a_record(revision=len(seen))

    ledger.findings.update(KEY, change)
    ledger.findings.update(KEY, change)

    assert seen == [None, a_record(revision=1)]
    assert ledger.findings.read(KEY) == a_record(revision=2)


@pytest.mark.parametrize("stored", [None, a_record()])
def test_no_change_leaves_everything_as_it_is(ledger: LedgerRoles, stored: FindingRecord | None) -> None:
    if stored is not None:
        put(ledger, stored)

    afterwards = ledger.findings.update(KEY, lambda _: None)

    assert afterwards == stored
    assert ledger.findings.read(KEY) == stored


@pytest.mark.parametrize("stored", [None, a_record(revision=1)])
def test_a_change_is_made_again_of_what_was_written_meanwhile(
    ledger: LedgerRoles, stored: FindingRecord | None
) -> None:
    if stored is not None:
        put(ledger, stored)
    theirs = a_record(revision=1 if stored is None else 2, message=verbatim("theirs"))
    seen: list[FindingRecord | None] = []

    def change(current: FindingRecord | None) -> FindingRecord:
        seen.append(current)
        if len(seen) == 1:
            put(ledger, theirs)
        return changed(current or a_record(), revision=1 if current is None else current.lifecycle.revision + 1)

    afterwards = ledger.findings.update(KEY, change)

    assert seen == [stored, theirs]
    assert afterwards == ledger.findings.read(KEY) == changed(theirs, revision=theirs.lifecycle.revision + 1)


def test_rules_about_one_subject_have_records_of_their_own(ledger: LedgerRoles) -> None:
    put(ledger, a_record(rule_id="MW401"))
    put(ledger, a_record(rule_id="MW403"))

    assert ledger.findings.read(FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW403")) == a_record(rule_id="MW403")


def test_a_version_nobody_was_told_awaits_announcement(ledger: LedgerRoles) -> None:
    put(ledger, a_record())

    assert awaiting(ledger) == [KEY]


def test_awaits_until_every_channel_was_told(ledger: LedgerRoles) -> None:
    put(ledger, a_record())

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)
    after_one = awaiting(ledger)
    ledger.findings.mark_announced(KEY, channels=("chat",), version=1)
    after_both = awaiting(ledger)

    assert after_one == [KEY]
    assert after_both == []
    found = ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.announced == {"topic": 1, "chat": 1}


def test_a_new_version_awaits_again(ledger: LedgerRoles) -> None:
    told = {"topic": 1, "chat": 1}
    put(ledger, a_record(announced=told))

    put(ledger, a_record(version=2, revision=2, announced=told))

    assert awaiting(ledger) == [KEY]


def test_a_silenced_version_does_not_await(ledger: LedgerRoles) -> None:
    put(ledger, a_record())

    put(ledger, a_record(version=2, revision=2, announced={"topic": 2, "chat": 2}))

    assert awaiting(ledger) == []


def test_waits_for_the_outcome_of_a_repair_as_long_as_it_may(ledger: LedgerRoles) -> None:
    put(ledger, a_record(announce_after=later(2)))

    assert awaiting(ledger, at=1.99) == []
    assert awaiting(ledger, at=2) == [KEY]


def test_those_that_wait_longest_come_first(ledger: LedgerRoles) -> None:
    records = [a_record(subject=a_pool(n), announce_after=later(minutes)) for n, minutes in ((1, 3), (2, 1), (3, 2))]
    for record in records:
        put(ledger, record)

    assert awaiting(ledger, at=5) == [key_of(records[1]), key_of(records[2]), key_of(records[0])]


def test_telling_an_older_version_later_changes_nothing(ledger: LedgerRoles) -> None:
    put(ledger, a_record(version=3))
    ledger.findings.mark_announced(KEY, channels=("topic",), version=3)

    ledger.findings.mark_announced(KEY, channels=("topic",), version=2)

    found = ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.announced == {"topic": 3}


def test_a_mark_for_a_finding_that_is_not_there_does_nothing(ledger: LedgerRoles) -> None:
    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)

    assert ledger.findings.read(KEY) is None
    assert awaiting(ledger) == []


def test_announcing_does_not_make_a_look_start_over(ledger: LedgerRoles) -> None:
    put(ledger, a_record(revision=1))
    read_by_the_look = ledger.findings.read(KEY)
    assert read_by_the_look is not None

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)
    ledger.findings.update(KEY, lambda _: changed(read_by_the_look, revision=2, message=verbatim("seen again")))

    found = ledger.findings.read(KEY)
    assert found == changed(read_by_the_look, revision=2, message=verbatim("seen again"), announced={"topic": 1})


def test_a_look_that_read_before_the_announcement_does_not_untell_it(ledger: LedgerRoles) -> None:
    put(ledger, a_record())
    read_by_the_look = ledger.findings.read(KEY)
    assert read_by_the_look is not None
    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)
    ledger.findings.mark_announced(KEY, channels=("chat",), version=1)

    ledger.findings.update(KEY, lambda _: changed(read_by_the_look, revision=2))

    found = ledger.findings.read(KEY)
    assert found is not None
    assert found.lifecycle.announced == {"topic": 1, "chat": 1}
    assert awaiting(ledger) == []


def test_a_new_version_written_during_the_announcement_of_the_old_one_still_awaits(ledger: LedgerRoles) -> None:
    put(ledger, a_record())
    put(ledger, a_record(version=2, revision=2))

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)
    ledger.findings.mark_announced(KEY, channels=("chat",), version=1)

    assert awaiting(ledger) == [KEY]


def test_hours_of_the_world_do_not_matter(ledger: LedgerRoles) -> None:
    in_seoul = timezone(timedelta(hours=9))
    put(ledger, a_record(announce_after=MORNING.astimezone(in_seoul)))

    assert awaiting(ledger, at=-1) == []
    assert awaiting(ledger, at=0) == [KEY]


def test_an_empty_ledger_has_no_open_finding_of_any_severity(ledger: LedgerRoles) -> None:
    assert ledger.findings.open_by_severity() == dict.fromkeys(Severity, 0)


def test_open_findings_are_counted_by_severity_and_only_while_they_are_open(ledger: LedgerRoles) -> None:
    put(ledger, a_record(rule_id="MW401"))
    put(ledger, a_record(subject=OREGON_IDENTITY))
    put(ledger, a_record(rule_id="MW303", severity=Severity.LOW))
    put(ledger, a_record(rule_id="MW603", severity=Severity.LOW, state=FindingState.EXEMPT))

    before = ledger.findings.open_by_severity()
    put(ledger, a_record(state=FindingState.REPAIRED, version=2, revision=2))

    assert before == {Severity.CRITICAL: 2, Severity.HIGH: 0, Severity.MEDIUM: 0, Severity.LOW: 1}
    assert ledger.findings.open_by_severity() == {**before, Severity.CRITICAL: 1}


def test_a_finding_of_another_severity_is_counted_there(ledger: LedgerRoles) -> None:
    put(ledger, a_record(severity=Severity.MEDIUM))

    put(ledger, a_record(severity=Severity.HIGH, revision=2))

    assert ledger.findings.open_by_severity() == {**dict.fromkeys(Severity, 0), Severity.HIGH: 1}


def test_telling_people_of_a_finding_does_not_close_it(ledger: LedgerRoles) -> None:
    put(ledger, a_record())

    ledger.findings.mark_announced(KEY, channels=("topic",), version=1)
    ledger.findings.mark_announced(KEY, channels=("chat",), version=1)

    assert ledger.findings.open_by_severity()[Severity.CRITICAL] == 1
