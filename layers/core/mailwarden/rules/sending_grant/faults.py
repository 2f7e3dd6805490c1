"""From the faults of a path to the one finding of the rule that is about that kind of fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.message import Message, message
from mailwarden.rules.naming import identity_message, in_a_row
from mailwarden.rules.quotation import Step, advice_of
from mailwarden.rules.root_causes import policies_of
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.grant_fix import evidence_of, grant_fix
from mailwarden.rules.sending_grant.question import Fault
from mailwarden.rules.sending_grant.requirement import SideFault, authorization_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultTexts:
    """The texts of a rule about one fault, made from the path and the faults, first region first."""

    fault: Fault
    effect: Effect
    message: Callable[[MailPath, tuple[SideFault, ...]], Message]
    why: Message
    remediation: Callable[[MailPath, SideFault], tuple[Step, ...]]
    grants: bool


def fault_findings(rule: Rule, path: MailPath, texts: FaultTexts) -> Iterator[Finding]:
    """The finding of *rule*, if the path has its fault; that it is unknown, if a side could not be judged.

    One finding for both sides of a split path, with the fix for the first.
    """
    authorization = authorization_of(path)
    mine = tuple(fault for fault in authorization.faults if fault.answer.fault is texts.fault)
    if not mine:
        if authorization.unread:
            yield rule.undecided(path, because=in_a_row(authorization.unread))
        elif authorization.principal_unknown is not None and texts.fault is Fault.UNDECIDABLE:
            yield rule.undecided(path, because=authorization.principal_unknown, remediation=_ask_the_table(path))
        return
    evidence = evidence_of(mine)
    fix = grant_fix(path, mine[0]) if texts.grants else None
    if fix is not None and not isinstance(fix, Fix):
        evidence["not_repairable"] = fix.reason
    yield rule.finding(
        path,
        effect=texts.effect,
        message=texts.message(path, mine),
        why=texts.why,
        remediation=advice_of(
            [step for fault in mine for step in texts.remediation(path, fault)],
            identity=mine[0].ses_state.identity_ref.name,
        ),
        evidence=evidence,
        fix=fix if isinstance(fix, Fix) else None,
        root_cause=policies_of(mine[0].ses_state.identity_ref),
    )


def _ask_the_table(path: MailPath) -> Message:
    return message("grant.ask-the-table", region=path.pool.ref.region)


def identities_message(faults: tuple[SideFault, ...]) -> Message:
    """The identity of the faults, in one region or in two."""
    first, *others = (fault.ses_state.identity_ref for fault in faults)
    if not others:
        return identity_message(first)
    return message(
        "identity", name=first.name, region=message("words.and", values=(first.region, *(o.region for o in others)))
    )
