"""Whatever one record of the ledger's stream holds, it is named, and the changes beside it are told."""

from dataclasses import dataclass

import pytest

from mailwarden.adapters.aws.dynamodb.items import values_of
from mailwarden.adapters.ledger.codec import finding_item
from mailwarden.adapters.ledger.stream import finding_changed
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.inbound.invoke.sample_order import SampleOrders
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.message import verbatim
from mailwarden.service.reports.send_reports import ReportSender
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import TickingClock
from tests.fakes.examples import a_pool, a_record
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.functional.queues.test_garbled_input import FINDINGS, FIRST, GARBLED, ids, pool_of


def image(record: FindingRecord, **members: object) -> dict[str, object]:
    return {**finding_item(record, channels=("topic",)), **values_of(members)}


CHANGES: dict[str, object] = {
    "no change": {},
    "nothing of the table": {"dynamodb": None},
    "no image": {"dynamodb": {"NewImage": 5}},
    "no key": {"dynamodb": {"NewImage": {"sk": {"S": "MW401"}}}},
    "a number as its key": {"dynamodb": {"NewImage": {"pk": 5}}},
    "a finding of nothing": {"dynamodb": {"NewImage": {"pk": {"S": "FINDING#x"}, "sk": {"S": "MW401"}}}},
    "another format": {"dynamodb": {"NewImage": image(FINDINGS[FIRST], format=2)}},
    "an unknown state": {"dynamodb": {"NewImage": image(FINDINGS[FIRST], state="torn")}},
    "no notation": {"dynamodb": {"NewImage": {**image(FINDINGS[FIRST]), "state": {"Q": "open"}}}},
    "a text": "changed",
}
NOTHING_CHANGED = {"no change", "nothing of the table", "no key"}


def no_reports() -> ReportSender:
    raise AssertionError("no report is due")


def no_samples() -> SampleOrders:
    raise AssertionError("no operator asks for a sample")


def announced(change: object, *, unreadable: FindingKey | None = None) -> tuple[set[str], set[str], KeptLog]:
    """The records to retry, the findings that were told, and the log, of a batch with this change between two."""
    ledger, log, told = InMemoryLedger(), KeptLog(), InMemoryChannel()
    for each in FINDINGS.values():
        ledger.findings.held[each.key] = each
    ledger.findings = Unreadable(held=ledger.findings.held, unreadable=unreadable)
    announcer = announcer_of(ledger, {"topic": told}, TickingClock())
    changes = [{"dynamodb": {"NewImage": image(each), "SequenceNumber": name}} for name, each in FINDINGS.items()]
    batch = AnnouncementBatch(
        announcer=announcer, samples=no_samples, reports=no_reports, catch_up=lambda: 0, changed=finding_changed
    )
    again = ids(batch.handle({"Records": [changes[0], change, changes[1]]}, log=log))
    return again, {pool_of(alert.record) for alert in told.told}, log


@dataclass(slots=True, kw_only=True)
class Unreadable(InMemoryFindings):
    """Findings of which one cannot be read."""

    unreadable: FindingKey | None

    def read(self, key: FindingKey) -> FindingRecord | None:
        if key == self.unreadable:
            raise MalformedDocument(verbatim(f"FINDING#{key.subject_arn} / {key.rule_id} has no state"))
        return InMemoryFindings.read(self, key)


@pytest.mark.parametrize("name", CHANGES)
def test_a_garbled_change_of_the_ledger_is_named_and_the_changes_beside_it_are_told(name: str) -> None:
    again, told, log = announced(CHANGES[name])

    assert told == {pool_of(each) for each in FINDINGS.values()}
    assert again == set()
    assert bool([event for event, _ in log.lines if event == "change not understood"]) is (name not in NOTHING_CHANGED)


def test_a_finding_that_cannot_be_read_keeps_no_other_from_being_told() -> None:
    lost = a_record(subject=a_pool(3))

    again, told, log = announced(
        {"dynamodb": {"NewImage": image(lost), "SequenceNumber": GARBLED}}, unreadable=lost.key
    )

    assert told == {pool_of(each) for each in FINDINGS.values()}
    assert again == set()
    assert [extra["subject"] for event, extra in log.lines if event != "told"] == [lost.finding.subject.arn]
