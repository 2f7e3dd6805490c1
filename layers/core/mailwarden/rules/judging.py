"""Judges a mail path with every rule, grades each fix by the safety law, and folds it all into a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from mailwarden.domain.findings.changes import Applicability, Change, GrantSending
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.path_verdict import verdict_of
from mailwarden.domain.mail_path.consent import Opened
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from mailwarden.domain.refs.resources import Subject, SubjectKind, monitoring_of
from mailwarden.domain.repair.what_if import apply_change
from mailwarden.message import message
from mailwarden.policy import is_own_name, own_grants
from mailwarden.rules.rule import Rule
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
    declared = {rule.rule_id: rule.severity for rule in rules}
    graded = tuple(
        with_severity(_graded(finding, found, path, rules), declared[finding.rule_id], severities.get(finding.rule_id))
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
    return tuple(
        finding for rule in rules for finding in _findings_of(rule, path, set() if crashed is None else crashed)
    )


def _findings_of(rule: Rule, path: MailPath, crashed: set[str]) -> tuple[Finding, ...]:
    try:
        return tuple(rule.check(path))
    except Exception as error:  # noqa: BLE001 - a rule that crashes must never read as "all clear"
        crashed.add(rule.rule_id)
        because = message("rule.crashed", where=_where(error))
        return tuple(
            rule.undecided(path, subject=subject, because=because, remediation=message("rule.crashed.remediation"))
            for subject in _subjects(rule, path)
        )


def _where(error: Exception) -> str:
    """The kind of error and the line it came from. Its text stays out: it may quote a policy or an address."""
    name, trace = type(error).__name__, error.__traceback__
    if trace is None:
        return name
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{name} at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


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


def _graded(finding: Finding, before: tuple[Finding, ...], path: MailPath, rules: Sequence[Rule]) -> Finding:
    """Keep a rule's claim that its fix is safe only if the path with the fix applied is judged ``yes``.

    A grant must, besides, give nothing to anybody but this pool, and bring no finding that was not there. What came
    back of an account's mail is left out where it stays as it is: anybody on the internet can make codes bounce, and
    must not be able to turn repairs off by it (docs/adr/0013).
    """
    fix = finding.fix
    if fix is None or fix.applicability is not Applicability.SAFE:
        return finding
    mended, after = _mended(fix.change, path, rules)
    widens = isinstance(fix.change, GrantSending) and (_gives_more(fix.change, path) or _new_exposure(before, after))
    if _sends(mended, before, after) and not widens:
        return finding
    return replace(finding, fix=replace(fix, applicability=Applicability.UNSAFE))


def _sends(mended: MailPath, before: tuple[Finding, ...], after: tuple[Finding, ...]) -> bool:
    known = {(finding.rule_id, finding.subject) for finding in before if finding.link is Link.FEEDBACK}
    told = [finding for finding in after if (finding.rule_id, finding.subject) not in known]
    return verdict_of(mended, told).answer is Answer.YES


def _mended(change: Change, path: MailPath, rules: Sequence[Rule]) -> tuple[MailPath, tuple[Finding, ...]]:
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
    return mended, after


def _further_grants(
    first: GrantSending, path: MailPath, findings: tuple[Finding, ...], written: set[str]
) -> Iterator[GrantSending]:
    """The grants still to be written for other sides, as far as their owners have opened them.

    Where the first one's owner has not, nothing is written at all, and the planner says that this is why.
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
        ):
            yield fix.change


def _gives_more(change: GrantSending, path: MailPath) -> bool:
    """Whether a grant does anything but put this pool into policies of ours that were in our own form."""
    identity, pool = change.identity, path.pool.ref
    for name, text in change.after.items():
        old = change.before.get(name)
        if text is None or not is_own_name(name):
            return True
        held = own_grants({name: old}, identity_arn=identity.arn, account=pool.account) if old else frozenset()
        grants = own_grants({name: text}, identity_arn=identity.arn, account=pool.account)
        if (old and not held) or not held < grants or {grant.pool_arn for grant in grants - held} != {pool.arn}:
            return True
    return change.pools != (pool,)


def _new_exposure(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> bool:
    """Whether a fix would bring a finding that was not there, such as a grant that is too wide."""
    known = {(finding.rule_id, finding.subject) for finding in before}
    return any(finding.effect is Effect.NONE and (finding.rule_id, finding.subject) not in known for finding in after)
