"""A rule about our own watch: it judges what the watch rests on, where a ``Rule`` judges a pool's mail path."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings import Effect, Finding, Link, Severity
from mailwarden.domain.subjects import SubjectKind, WatchRef


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule[R]:
    """One rule about readings of type *R*; its members mean what they mean in ``Rule``. It never has a fix."""

    rule_id: str
    name: str
    severity: Severity
    reads: frozenset[str]
    check: Callable[[R], Iterator[Finding]]
    link: Link = Link.WATCH
    subject_kind: SubjectKind = SubjectKind.WATCH
    writes: frozenset[str] = field(default_factory=frozenset)

    def finding(
        self,
        watch: WatchRef,
        *,
        effect: Effect = Effect.NONE,
        message: str,
        why: str,
        to_do: str,
        evidence: Mapping[str, str],
    ) -> Finding:
        """A finding of this rule about *watch*; what is unknown is never critical."""
        return Finding(
            rule_id=self.rule_id,
            rule_name=self.name,
            link=self.link,
            severity=min(self.severity, Severity.HIGH) if effect is Effect.UNKNOWN else self.severity,
            effect=effect,
            subject=watch,
            message=message,
            why=why,
            to_do=to_do,
            evidence=evidence,
        )
