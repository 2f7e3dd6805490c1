"""Decides about a judgment with what the ledger knows of its repairs: none waits for one that AWS refused for good."""

from dataclasses import dataclass
from datetime import date

from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.repair.decision import Decision, Repair, plan, waits_for_another
from mailwarden.domain.repair.limits import Limits
from mailwarden.ports.operator.finding_records import FindingRecords
from mailwarden.rules.judging import Judgment


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decisions, and the rules whose repair was refused for good: it is due, and tried again after a call only."""

    decisions: tuple[Decision, ...]
    refused: frozenset[str] = frozenset()


def decided(judgment: Judgment, limits: Limits, findings: FindingRecords, *, today: date) -> Decided:
    """The decisions about a judgment; the ledger is read only where one repair waits for another."""
    refused = frozenset[str]()
    while True:
        decisions = plan(judgment.findings, judgment.path, limits, today=today, refused=refused)
        if not any(map(waits_for_another, decisions)):
            return Decided(decisions=decisions, refused=refused)
        first = next(each for each in decisions if isinstance(each, Repair) and each.finding.rule_id not in refused)
        known = findings.read(first.finding.key)
        if known is None or not is_refused(known):
            return Decided(decisions=decisions, refused=refused)
        refused |= {first.finding.rule_id}


def is_refused(known: FindingRecord) -> bool:
    """Whether the write of an open finding was refused for good, so that no sweep repeats it."""
    return not known.lifecycle.is_over and known.write.handling is Handling.FAILED and not known.write.retryable
