"""From the faults of a path to the one finding of the rule that is about that kind of fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.rules.naming import identity_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.grant_fix import evidence_of, grant_fix
from mailwarden.rules.sending_grant.question import Fault
from mailwarden.rules.sending_grant.requirement import SideFault, authorization_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a rule tells its fault: the message and what to do from the path and the faults, first side first."""

    fault: Fault
    effect: Effect
    message: Callable[[MailPath, tuple[SideFault, ...]], str]
    why: str
    remediation: Callable[[MailPath, SideFault], str]
    grants: bool


def tell(rule: Rule, path: MailPath, telling: Telling) -> Iterator[Finding]:
    """The finding of *rule*, if the path has its fault; that it is unknown, if a side could not be judged.

    One finding for both sides of a split path, with the fix for the first.
    """
    authorization = authorization_of(path)
    mine = tuple(fault for fault in authorization.faults if fault.answer.fault is telling.fault)
    if not mine:
        if authorization.unread:
            yield rule.undecided(path, because="; ".join(authorization.unread))
        elif authorization.principal_unknown is not None and telling.fault is Fault.UNDECIDABLE:
            yield rule.undecided(path, because=authorization.principal_unknown, remediation=_ask_the_table(path))
        return
    evidence = evidence_of(mine)
    fix = grant_fix(path, mine[0]) if telling.grants else None
    if fix is not None and not isinstance(fix, Fix):
        evidence["not_repairable"] = fix.reason
    yield rule.finding(
        path,
        effect=telling.effect,
        message=telling.message(path, mine),
        why=telling.why,
        remediation="; ".join(telling.remediation(path, fault) for fault in mine),
        evidence=evidence,
        fix=fix if isinstance(fix, Fix) else None,
    )


def _ask_the_table(path: MailPath) -> str:
    return f"Decide first whether pools in {path.pool.ref.region} may use that SES region, as MW202 says"


def identities_words(faults: tuple[SideFault, ...]) -> str:
    """As in ``identity example.com in eu-central-1 and eu-west-2``."""
    first, *others = faults
    return " and ".join(
        [identity_words(first.ses_state.identity_ref), *(other.ses_state.identity_ref.region for other in others)]
    )
