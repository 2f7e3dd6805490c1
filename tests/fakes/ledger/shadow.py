"""Ended shadow cases and the periods of reports in memory."""

from dataclasses import dataclass, field
from datetime import date

from mailwarden.domain.operator.reports.period import ReportKind
from mailwarden.domain.repair.shadow import EndedCase


@dataclass(slots=True)
class InMemoryShadowCases:
    """Of one pool, rule and day the last case."""

    held: dict[tuple[date, str, str], EndedCase] = field(default_factory=dict)

    def keep(self, ended: EndedCase) -> None:
        self.held[ended.ended_at.date(), ended.pool.arn, ended.case.rule_id] = ended

    def ended_since(self, first: date, *, until: date) -> tuple[EndedCase, ...]:
        cases = [case for case in self.held.values() if first <= case.ended_at.date() <= until]
        return tuple(sorted(cases, key=lambda case: case.ended_at))


@dataclass(slots=True)
class InMemorySentReports:
    """The last period of each report."""

    held: dict[ReportKind, str] = field(default_factory=dict)

    def last_period(self, kind: ReportKind) -> str | None:
        return self.held.get(kind)

    def mark_sent(self, kind: ReportKind, *, period: str) -> None:
        self.held[kind] = period
