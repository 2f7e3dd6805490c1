"""A rule about our own watch: it judges what the watch rests on, where a ``Rule`` judges a pool's mail path."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import MonitoringRef, SubjectKind
from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.message import Argument, Message
from mailwarden.message import message as message_of
from mailwarden.rules.crash import place_of


def _own_state(_: MonitoringRef) -> RootCause | None:
    """Nothing but the monitoring of the region itself."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRule[R]:
    """One rule about readings of type *R*; its members mean what they mean in ``Rule``. It never has a fix."""

    rule_id: str
    name: str
    severity: Severity
    reads: frozenset[str]
    check: Callable[[R], Iterator[Finding]]
    root_cause: Callable[[MonitoringRef], RootCause | None] = _own_state
    link: Link = Link.MONITORING
    subject_kind: SubjectKind = SubjectKind.MONITORING
    writes: frozenset[str] = field(default_factory=frozenset)

    def finding(
        self,
        monitoring: MonitoringRef,
        *,
        effect: Effect = Effect.NONE,
        message: Message,
        why: Message,
        remediation: Message,
        unknown_reason: Message | None = None,
        evidence: Mapping[str, Argument],
    ) -> Finding:
        """A finding of this rule about *monitoring*; what is unknown is never critical."""
        return Finding(
            rule_id=self.rule_id,
            rule_name=self.name,
            link=self.link,
            severity=min(self.severity, Severity.HIGH) if effect is Effect.UNKNOWN else self.severity,
            effect=effect,
            subject=monitoring,
            message=message,
            why=why,
            remediation=remediation,
            unknown_reason=unknown_reason,
            evidence=evidence,
            root_cause=self.root_cause(monitoring),
        )

    def undecided(self, monitoring: MonitoringRef, error: Exception) -> Finding:
        """The finding that the check failed."""
        return self.finding(
            monitoring,
            effect=Effect.UNKNOWN,
            message=message_of("monitoring.undecided", region=monitoring.region, rule=self.name),
            why=message_of("monitoring.undecided.why"),
            remediation=message_of("monitoring.undecided.remediation"),
            unknown_reason=message_of("monitoring.undecided.reason", where=place_of(error)),
            evidence={},
        )
