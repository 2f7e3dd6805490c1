"""What a rule is: an id for ever, the bad pattern's name, what it reads and writes, and one pure check."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.changes import Fix
from mailwarden.domain.findings import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path import MailPath
from mailwarden.domain.subjects import Subject, SubjectKind

type Check = Callable[[MailPath], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``reads`` and ``writes`` are the IAM actions its check and its fix depend on; the template grants exactly what the
    rules declare. The documentation is the docstring of ``check``, under fixed headings.
    """

    rule_id: str
    name: str
    link: Link
    severity: Severity
    subject_kind: SubjectKind
    reads: frozenset[str]
    writes: frozenset[str] = field(default_factory=frozenset)
    check: Check

    def finding(
        self,
        path: MailPath,
        *,
        subject: Subject | None = None,
        effect: Effect,
        message: str,
        why: str,
        to_do: str,
        evidence: Mapping[str, str] | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """A finding of this rule about *subject*, or about the path's pool, with the pool as affected."""
        return Finding(
            rule_id=self.rule_id,
            rule_name=self.name,
            link=self.link,
            severity=self.severity,
            effect=effect,
            subject=subject or path.pool.ref,
            message=message,
            why=why,
            to_do=to_do,
            evidence=evidence or {},
            affected=(path.pool.ref,),
            fix=fix,
        )

    def undecided(self, path: MailPath, *, subject: Subject | None = None, because: str) -> Finding:
        """The finding that says the rule could not be judged, and why."""
        about = subject or path.pool.ref
        return self.finding(
            path,
            subject=subject,
            effect=Effect.UNKNOWN,
            message=f"{about.arn} could not be judged for {self.name}",
            why="what this rule needs to know could not be read, so nobody can say that mail gets through",
            to_do="See that Mailwarden may read what is named in the reason; it looks again by itself.",
            evidence={"reason": because},
        )
