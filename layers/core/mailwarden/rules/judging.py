"""Judges a mail path with every rule, grades each fix by the safety law, and folds it all into a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from mailwarden.domain.findings.changes import Applicability, Change, GrantSending
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.path_verdict import verdict_of
from mailwarden.domain.mail_path.consent import Opened
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.refs.resources import Subject, SubjectKind, monitoring_of
from mailwarden.domain.repair.what_if import apply_change
from mailwarden.message import message
from mailwarden.rules.crash import place_of
from mailwarden.rules.quotation import fits
from mailwarden.rules.rule import Rule
from mailwarden.rules.safety_law import Breach, Outcome, breach_of_the_law, widening_of
from mailwarden.rules.undecided import Undecided, undecided_of

_AS_DECLARED: Mapping[str, Severity] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """What the rules say of one path."""

    path: MailPath
    findings: tuple[Finding, ...]
    verdict: Verdict
    undecided: Undecided


def judge(path: MailPath, rules: Sequence[Rule], severities: Mapping[str, Severity] = _AS_DECLARED) -> Judgment:
    """Every finding in the order of the rules, with graded fixes, and the verdict.

    *severities* are the operator's, by the id of the rule; they change neither the verdict nor any fix.
    """
    crashed: set[str] = set()
    found = _findings(path, rules, crashed)
    before = Outcome(path=path, findings=found)
    declared = {rule.rule_id: rule.severity for rule in rules}
    graded = tuple(
        with_severity(_graded(finding, before, rules), declared[finding.rule_id], severities.get(finding.rule_id))
        for finding in found
    )
    return Judgment(
        path=path,
        findings=graded,
        verdict=verdict_of(path, graded),
        undecided=undecided_of(path, rules, graded, crashed=frozenset(crashed)),
    )


def with_severity(finding: Finding, declared: Severity, wanted: Severity | None) -> Finding:
    """*finding* with the severity that the operator wants for its rule, which declares *declared*.

    What the rule itself takes less seriously than it declares is not taken more seriously; what is unknown is never
    critical.
    """
    if wanted is None:
        return finding
    severity = wanted if finding.severity >= declared else min(finding.severity, wanted)
    return replace(finding, severity=min(severity, Severity.HIGH) if finding.effect is Effect.UNKNOWN else severity)


def _findings(path: MailPath, rules: Sequence[Rule], crashed: set[str] | None = None) -> tuple[Finding, ...]:
    """Every finding in the order of the rules; the ids of rules that crash are added to *crashed*."""
    noted = set() if crashed is None else crashed
    return tuple(finding for rule in rules for finding in _findings_of(rule, path, noted))


def _findings_of(rule: Rule, path: MailPath, crashed: set[str]) -> tuple[Finding, ...]:
    try:
        return tuple(rule.check(path))
    except Exception as error:  # noqa: BLE001 - a rule that crashes must never read as "all clear"
        crashed.add(rule.rule_id)
        because = message("rule.crashed", where=place_of(error))
        return tuple(
            rule.undecided(path, subject=subject, because=because, remediation=message("rule.crashed.remediation"))
            for subject in _subjects(rule, path)
        )


def _subjects(rule: Rule, path: MailPath) -> tuple[Subject, ...]:
    """Everything on *path* that *rule* could have spoken about: none of it may count as sound after a crash."""
    found: list[Subject] = []
    match rule.subject_kind:
        case SubjectKind.IDENTITY:
            found = [ses_state.identity_ref for ses_state in path.ses_states]
        case SubjectKind.SES_ACCOUNT:
            found = [ses_state.account_ref for ses_state in path.ses_states]
        case SubjectKind.MONITORING:
            found = [monitoring_of(path.pool.ref)]
        case SubjectKind.POOL | SubjectKind.CONFIGURATION_SET:
            pass
    return tuple(dict.fromkeys(found)) or (path.pool.ref,)


def _graded(finding: Finding, before: Outcome, rules: Sequence[Rule]) -> Finding:
    """Keep a rule's claim that its fix is safe only if the safety law agrees; the evidence holds why it does not."""
    fix = finding.fix
    if fix is None:
        return finding
    if fix.applicability is Applicability.SAFE:
        after = _mended(fix.change, before.path, rules)
        breach = breach_of_the_law(finding, fix.change, before=before, after=after)
        if breach is not None:
            fix = replace(fix, applicability=Applicability.UNSAFE, not_safe=breach.reason)
            finding = _blocked(finding, breach)
    if fix.not_safe is None:
        return finding
    return replace(finding, fix=fix, evidence={"not_safe": fix.not_safe, **finding.evidence})


def _blocked(finding: Finding, breach: Breach) -> Finding:
    """A person who does what the fix would do needs to know what has to be done before, and that first of all."""
    if breach.blocker is None:
        return finding
    advice = message("law.first", first=breach.blocker.remediation, then=finding.remediation)
    return replace(finding, remediation=advice if fits(advice) else breach.blocker.remediation)


def _mended(change: Change, path: MailPath, rules: Sequence[Rule]) -> Outcome:
    """*path* with *change* applied, and what the rules then say.

    Where mail is split over two SES regions, one grant mends one side. The grants for the other sides are applied too:
    they are the next repairs, each under the same conditions as this one.
    """
    mended = apply_change(change, path)
    after = _findings(mended, rules)
    written = {change.resource}
    while isinstance(change, GrantSending):
        following = next(_further_grants(change, mended, after, written), None)
        if following is None:
            break
        written.add(following.resource)
        mended = apply_change(following, mended)
        after = _findings(mended, rules)
    return Outcome(path=mended, findings=after)


def _further_grants(
    first: GrantSending, path: MailPath, findings: tuple[Finding, ...], written: set[str]
) -> Iterator[GrantSending]:
    """The grants still to be written for other sides, as far as their owners have opened them.

    Where the first one's owner has not, nothing is written at all, and the planner says that this is why. A grant that
    widens anything is no repair that follows.
    """
    opened = {ses_state.identity_ref for ses_state in path.ses_states if isinstance(ses_state.consent, Opened)}
    for finding in findings:
        fix = finding.fix
        if (
            fix is not None
            and fix.applicability is Applicability.SAFE
            and isinstance(fix.change, GrantSending)
            and fix.change.resource not in written
            and (fix.change.identity in opened or first.identity not in opened)
            and widening_of(fix.change, path) is None
        ):
            yield fix.change
