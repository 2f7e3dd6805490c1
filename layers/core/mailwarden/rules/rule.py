"""What a rule is: an id for ever, the bad pattern's name, what it reads and writes, and one pure check."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import Subject, SubjectKind
from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.message import Argument, Message, message
from mailwarden.rules.naming import subject_message
from mailwarden.rules.root_causes import RootCauseOf, own_state

type Check = Callable[[MailPath], Iterator[Finding]]

_LET_IT_READ = message("rule.undecided.remediation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``reads`` and ``writes`` are the IAM actions its check and its fix depend on; the template grants exactly what the
    rules declare. The documentation is the docstring of ``check``, under fixed headings. A check yields at most one
    finding for each subject. ``other_kinds`` are further kinds of subject. ``root_cause`` is what its findings come
    from, where one thing explains many of them. ``is_note``: what it finds is for reports,
    and nobody is alerted.
    """

    rule_id: str
    name: str
    link: Link
    severity: Severity
    subject_kind: SubjectKind
    other_kinds: frozenset[SubjectKind] = frozenset()
    reads: frozenset[str]
    writes: frozenset[str] = field(default_factory=frozenset)
    check: Check
    root_cause: RootCauseOf = own_state
    is_note: bool = False

    def finding(  # noqa: PLR0913 - one keyword for each part of a finding
        self,
        path: MailPath,
        *,
        subject: Subject | None = None,
        effect: Effect,
        severity: Severity | None = None,
        message: Message,
        why: Message,
        remediation: Message,
        unknown_reason: Message | None = None,
        evidence: Mapping[str, Argument] | None = None,
        fix: Fix | None = None,
        root_cause: RootCause | None = None,
    ) -> Finding:
        """A finding of this rule about *subject*, or about the path's pool, with the pool as affected.

        ``severity`` lowers the rule's own. What is unknown is never critical: critical is mail that is certainly lost,
        or an identity that is certainly open.
        """
        its_severity = self.severity if severity is None else min(severity, self.severity)
        return Finding(
            rule_id=self.rule_id,
            rule_name=self.name,
            link=self.link,
            severity=min(its_severity, Severity.HIGH) if effect is Effect.UNKNOWN else its_severity,
            effect=effect,
            subject=subject or path.pool.ref,
            message=message,
            why=why,
            remediation=remediation,
            unknown_reason=unknown_reason,
            evidence=evidence or {},
            affected=(path.pool.ref,),
            fix=fix,
            is_note=self.is_note,
            root_cause=root_cause or self.root_cause(path, subject or path.pool.ref),
        )

    def undecided(
        self,
        path: MailPath,
        *,
        subject: Subject | None = None,
        because: Message,
        remediation: Message = _LET_IT_READ,
    ) -> Finding:
        """The finding that the rule could not be checked, with the reason."""
        return self.finding(
            path,
            subject=subject,
            effect=Effect.UNKNOWN,
            message=message("rule.undecided", subject=subject_message(path, subject or path.pool.ref), rule=self.name),
            why=message("rule.undecided.why"),
            remediation=remediation,
            unknown_reason=because,
        )
