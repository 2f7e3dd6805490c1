"""Judges a mail path with every rule, grades each fix by the safety law, and folds it all into a verdict."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mailwarden.domain.applying import applied
from mailwarden.domain.changes import Applicability, Fix, GrantSending
from mailwarden.domain.findings import Effect, Finding
from mailwarden.domain.mail_path import MailPath
from mailwarden.domain.verdicts import Answer, Verdict, verdict_of
from mailwarden.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the rules say of one path."""

    path: MailPath
    findings: tuple[Finding, ...]
    verdict: Verdict


def judge(path: MailPath, rules: Sequence[Rule]) -> Judgement:
    """Every finding in the order of the rules, with graded fixes, and the verdict."""
    findings = tuple(_graded(finding, path, rules) for finding in _findings(path, rules))
    return Judgement(path=path, findings=findings, verdict=verdict_of(path, findings))


def _findings(path: MailPath, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        try:
            found = tuple(rule.check(path))
        except Exception as error:  # noqa: BLE001 - a rule that crashes must never read as "all clear"
            found = (rule.undecided(path, because=f"the rule itself failed: {type(error).__name__}: {error}"),)
        yield from found


def _graded(finding: Finding, path: MailPath, rules: Sequence[Rule]) -> Finding:
    """Keep a rule's claim that its fix is safe only if the path with the fix applied is judged ``yes``.

    Where mail is split over two SES regions one fix mends one side: then the same rule's fixes are applied one after
    the other, each to another resource, before judging.
    """
    fix = finding.fix
    if fix is None or fix.applicability is not Applicability.SAFE:
        return finding
    mended = applied(fix.change, path)
    written = {fix.change.resource}
    for _ in path.sides:
        next_fix = _next_fix(finding.rule_id, mended, rules)
        if next_fix is None or next_fix.change.resource in written:
            break
        written.add(next_fix.change.resource)
        mended = applied(next_fix.change, mended)
    after = tuple(_findings(mended, rules))
    grants = isinstance(fix.change, GrantSending)
    widens = grants and _new_exposure(_findings(path, rules), after)
    if verdict_of(mended, after).answer is Answer.YES and not widens:
        return finding
    return replace(finding, fix=replace(fix, applicability=Applicability.UNSAFE))


def _next_fix(rule_id: str, path: MailPath, rules: Sequence[Rule]) -> Fix | None:
    for finding in _findings(path, (rule for rule in rules if rule.rule_id == rule_id)):
        if finding.fix is not None:
            return finding.fix
    return None


def _new_exposure(before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    """Whether a fix would bring a finding that was not there, such as a grant that is too wide."""
    known = {(finding.rule_id, finding.subject) for finding in before}
    return any(finding.effect is Effect.NONE and (finding.rule_id, finding.subject) not in known for finding in after)
