"""Reads all records of one pool in the ledger and the journal; writes nothing, and asks no other service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.operator.history import HistoryQuestion, NoHistory, PoolHistory
from mailwarden.domain.operator.journal_question import EntriesQuestion, FoundEntries
from mailwarden.domain.refs.resources import IdentityRef, MonitoringRef, NotASubject, PoolRef, Subject, subject_from_arn
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.operator.finding_records import SubjectFindings
from mailwarden.ports.operator.journal_entries import JournalEntries
from mailwarden.rules import every_rule

# The mail of a pool uses a handful of resources, and a resource has one record for each rule.
_SUBJECTS, _RULES = 30, len(every_rule())


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReader:
    """Finds a pool in the watched regions; ``consents`` are the identities that the settings open."""

    looks: Looks
    findings: SubjectFindings
    journal: JournalEntries
    consents: Mapping[str, object]
    clock: Clock
    partition: str
    account: str
    watched_regions: tuple[str, ...]

    def read(self, question: HistoryQuestion) -> PoolHistory | NoHistory:
        """The history in the first region that has any record of the pool."""
        regions = question.pool.regions(self.watched_regions)
        for region in regions:
            pool = PoolRef(partition=self.partition, region=region, account=self.account, pool_id=question.pool.pool_id)
            history = self._history(pool, question)
            if history.look is not None or history.findings or history.entries.entries:
                return history
        return NoHistory(question=question, at=self.clock.now(), regions=regions)

    def _history(self, pool: PoolRef, question: HistoryQuestion) -> PoolHistory:
        at, look = self.clock.now(), self.looks.last(pool)
        used = tuple(_used(look))
        findings = tuple(record for subject in (pool, *used) for record in self._about(subject, pool))
        identities = tuple(subject.arn for subject in used if isinstance(subject, IdentityRef))
        return PoolHistory(
            question=question,
            at=at,
            pool=pool,
            look=look,
            findings=findings,
            entries=self._entries(pool, identities, question),
            consents=tuple(arn for arn in identities if arn in self.consents),
        )

    def _about(self, subject: Subject, pool: PoolRef) -> Iterator[FindingRecord]:
        for record in self.findings.about(subject, affecting=pool, most=_RULES):
            is_over = record.lifecycle.state is not FindingState.OPEN
            if subject == pool or (
                pool.arn in record.lifecycle.affected or (is_over and not isinstance(subject, MonitoringRef))
            ):
                yield record

    def _entries(self, pool: PoolRef, identities: tuple[str, ...], question: HistoryQuestion) -> FoundEntries:
        wanted = EntriesQuestion(since=question.since, most=question.most, pool=pool.arn)
        return self.journal.latest_on(
            (pool.arn, *identities),
            since=question.since,
            until=self.clock.now(),
            most=question.most,
            wanted=wanted.concerns,
        )


def _used(look: LookRecord | None) -> Iterator[Subject]:
    """The resources that the mail of the pool used in the last look."""
    for arn in () if look is None else look.uses[:_SUBJECTS]:
        try:
            yield subject_from_arn(arn)
        except NotASubject:
            # A sender address, by which events of single mails find the pool.
            continue
