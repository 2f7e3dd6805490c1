"""Groups the findings of a report by cause: one rule about one subject, with every pool that it affects."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.operator.question import Explained, Said
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message
from mailwarden_command.audit.report import AuditReport

_WORST_FIRST = (Effect.LOST, Effect.UNKNOWN, Effect.AT_RISK, Effect.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A finding, and the pools for which it was found; for an unknown one, every pool with the same refused read.

    ``explained`` and ``said`` are the first of them. ``rules`` are the rules that a refused read leaves undecided, and
    otherwise the finding's own.
    """

    explained: Explained
    said: Said
    pools: tuple[PoolRef, ...]
    rules: tuple[str, ...]

    @property
    def finding(self) -> Finding:
        """The finding of the first pool."""
        return self.said.finding


def causes_of(report: AuditReport) -> tuple[Cause, ...]:
    """The causes of a report: lost mail first, then what could not be judged, risks, and the rest."""
    grouped: dict[object, list[tuple[Explained, Said]]] = {}
    for explained, said in report.said():
        grouped.setdefault(_key(said.finding), []).append((explained, said))
    return tuple(sorted(map(_cause, grouped.values()), key=_place))


def of_one_rule(causes: tuple[Cause, ...]) -> Iterator[tuple[Cause, ...]]:
    """The causes in groups of one rule and effect, in the same order; all that could not be judged is one group."""
    grouped: dict[tuple[str, Effect], list[Cause]] = {}
    for cause in causes:
        effect = cause.finding.effect
        grouped.setdefault(("" if effect is Effect.UNKNOWN else cause.finding.rule_id, effect), []).append(cause)
    return map(tuple, grouped.values())


def _key(finding: Finding) -> tuple[str, str] | tuple[Effect, Message]:
    """A refused read leaves several rules undecided; it is one cause."""
    if finding.effect is Effect.UNKNOWN and finding.unknown_reason is not None:
        return Effect.UNKNOWN, finding.unknown_reason
    return finding.rule_id, finding.subject.arn


def _cause(found: list[tuple[Explained, Said]]) -> Cause:
    # The first with a decision: the others repeat its refused read.
    explained, said = next((each for each in found if each[1].decision is not None), found[0])
    return Cause(
        explained=explained,
        said=said,
        pools=tuple(dict.fromkeys(each.path.pool.ref for each, _ in found)),
        rules=tuple(sorted({each.finding.rule_id for _, each in found})),
    )


def _place(cause: Cause) -> tuple[int, int, str, int, str]:
    finding = cause.finding
    severity: Severity = finding.severity
    return (
        _WORST_FIRST.index(finding.effect),
        -severity,
        finding.rule_id,
        -len(cause.pools),
        finding.subject.arn,
    )
