"""From findings to decisions: repair, or report because …; every reason not to write is spelled out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from mailwarden.domain.findings.changes import (
    Applicability,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.consent import NotOpened
from mailwarden.domain.mail_path.exemption import (
    EXEMPTION_RULES,
    Exemption,
    NotExempt,
    ReportOnly,
    Silent,
    exemption_of,
)
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.readings import Identity, Missing
from mailwarden.domain.repair.change_documents import why_not_kept
from mailwarden.domain.repair.fight_reason import pause_in
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.domain.repair.shadow import ShadowDecision
from mailwarden.domain.repair.undone_repairs import undone_repair_of
from mailwarden.message import Message, message
from mailwarden.policy import edited_own_policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The fix is to be written."""

    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The finding is announced and nothing is written, for ``reason``.

    ``shadow`` is the decision if the reason were not that RepairMode is off; None if that is not the reason.
    """

    finding: Finding
    reason: Message
    shadow: ShadowDecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The owner asked for silence: the finding is recorded as exempt."""

    finding: Finding
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnly:
    """The finding is worth a line in a report and no alert: it is recorded in silence."""

    finding: Finding
    reason: Message


_ANOTHER_FIRST = "decision.another-repair-first"
_MODE_OFF = message("decision.repair-mode-off")
_RESTORES = "MW108"

type Decision = Repair | Report | Mute | NoteOnly


def plan(
    findings: Iterable[Finding], path: MailPath, limits: Limits, *, today: date, refused: Collection[str] = ()
) -> tuple[Decision, ...]:
    """One decision for each finding, in order; at most one repair, because two fixes would share a ``before``.

    *refused*: the rules whose repair AWS refused for good. It stays due, for the next try, and no other one waits for
    it. What one refused read leaves unknown is told once, by the first rule that may say so; the verdict knows of all.
    """
    decisions: list[Decision] = []
    unknown: set[Message] = set()
    for finding in findings:
        if finding.unknown_reason is not None and finding.unknown_reason in unknown:
            continue
        decision = _decide(finding, path, limits, today=today)
        if finding.unknown_reason is not None and isinstance(decision, Report):
            unknown.add(finding.unknown_reason)
        decisions.append(decision)
    due = [each for each in decisions if _is_due(each) and each.finding.rule_id not in refused]
    first = min(due, key=_turn, default=None)
    return tuple(
        each if first is None or each is first or each not in due else _waiting(each, first.finding)
        for each in decisions
    )


def waits_for_another(decision: Decision) -> bool:
    """Whether a repair is due and another one goes first: it is decided again as soon as that one is written."""
    return isinstance(decision, Report) and decision.reason.id == _ANOTHER_FIRST


def _is_due(decision: Decision) -> bool:
    """Whether the fix is to be written, or would be if RepairMode were not off."""
    match decision:
        case Repair() | Report(shadow=ShadowDecision(withheld=None)):
            return True
        case _:
            return False


def _turn(decision: Decision) -> tuple[bool, bool]:
    """The place of a repair that is due among the others of its pool (docs/adr/0051).

    A sender that was lost is restored first: the other findings are about another sender. Then comes what the sender
    depends on, its policy and the role of Cognito, and the pool itself last: Cognito may check its sender at a write.
    """
    finding = decision.finding
    is_of_pool = finding.fix is not None and isinstance(finding.fix.change, ReplaceEmailConfiguration)
    return finding.rule_id != _RESTORES, is_of_pool


def _waiting(decision: Decision, first: Finding) -> Decision:
    """The decision about a repair that waits for that of *first*, of the same pool."""
    reason = message(_ANOTHER_FIRST, rule=first.rule_id)
    if isinstance(decision, Report):
        return replace(decision, shadow=ShadowDecision(withheld=reason))
    return Report(finding=decision.finding, reason=reason)


def _decide(finding: Finding, path: MailPath, limits: Limits, *, today: date) -> Decision:
    if limits.mode_of(finding.rule_id) is RuleMode.OFF:
        # Recorded in silence rather than left out: what is not found any more would count as mended.
        return Mute(finding=finding, reason=message("decision.rule-off", rule=finding.rule_id))
    exemption = exemption_of(path.pool.tags, today=today)
    if isinstance(exemption, Silent) and finding.rule_id not in EXEMPTION_RULES:
        return Mute(finding=finding, reason=message("decision.pool-exempt", exemption=exemption.reason))
    if finding.is_note:
        return NoteOnly(finding=finding, reason=message("decision.note", rule=finding.rule_id))
    undone = undone_repair_of(finding, path)
    if undone is not None:
        # In any mode, and also where nothing could be written now: the person's word is why nothing will be.
        return Report(finding=finding, reason=left_alone(undone.undo_id, undone.at))
    fix = finding.fix
    if fix is None:
        return Report(finding=finding, reason=message("decision.no-fix"))
    forbidden = partial(_forbids, finding, fix, path, exemption, today=today)
    reason = forbidden(limits)
    if reason is None:
        return Repair(finding=finding, fix=fix)
    if reason != _MODE_OFF:
        return Report(finding=finding, reason=reason)
    safe = forbidden(replace(limits, repair_mode=RepairMode.SAFE))
    return Report(finding=finding, reason=reason, shadow=ShadowDecision(withheld=safe))


def _forbids(
    finding: Finding, fix: Fix, path: MailPath, exemption: Exemption, limits: Limits, *, today: date
) -> Message | None:
    """The first reason not to write."""
    return (
        _mode_forbids(finding.rule_id, fix, limits)
        or (message("decision.pool-exempt", exemption=exemption.reason) if isinstance(exemption, ReportOnly) else None)
        or _consent_forbids(fix, path)
        or _identities_forbid(fix, path, today=today)
        or pause_in(path.ledger_facts.writes, fix.change, now=path.taken_at)
        or _unknown_members_forbid(path)
        or why_not_kept(fix.change)
    )


def left_alone(undo_id: str, at: datetime) -> Message:
    """Why what the entry *undo_id* undid is not repaired again."""
    return message("decision.undone", entry_id=undo_id, at=f"{at:%Y-%m-%d %H:%M} UTC")


def _mode_forbids(rule_id: str, fix: Fix, limits: Limits) -> Message | None:
    if limits.stop is not None:
        return limits.stop.message
    if limits.closed_because is not None:
        return message("decision.settings-closed", problem=limits.closed_because)
    if limits.repair_mode is RepairMode.OFF:
        return _MODE_OFF
    if limits.mode_of(rule_id) is RuleMode.REPORT:
        return message("decision.rule-only-reports", rule=rule_id)
    if fix.applicability is Applicability.MANUAL:
        return message("decision.fix-manual", reason=fix.not_safe or message("law.not-judged"))
    if fix.applicability is not Applicability.SAFE and limits.repair_mode is not RepairMode.UNSAFE:
        return message("decision.fix-not-safe", reason=fix.not_safe or message("law.not-judged"))
    return None


def _consent_forbids(fix: Fix, path: MailPath) -> Message | None:
    """A grant needs the consent of the identity's owner, in every mode; one who edits a policy of ours withdraws it."""
    if not isinstance(fix.change, GrantSending):
        return None
    ses_state = next(
        (ses_state for ses_state in path.ses_states if ses_state.identity_ref == fix.change.identity), None
    )
    if ses_state is None or ses_state.live_identity is None:
        return message("decision.identity-unreadable", identity=fix.change.identity.arn)
    edited = edited_own_policies(
        ses_state.live_identity.policies, identity_arn=fix.change.identity.arn, account=fix.change.identity.account
    )
    if edited:
        # A further policy of ours beside it would give back what its owner took out.
        names = tuple(message("statement.document", policy=name) for name in edited)
        return message("decision.own-policy-edited", policies=names)
    if isinstance(ses_state.consent, NotOpened):
        return message("decision.no-consent", consent=ses_state.consent.reason)
    return None


def _identities_forbid(fix: Fix, path: MailPath, *, today: date) -> Message | None:
    """A grant or a move keeps away from identities whose owners asked for it: the one left and the one taken."""
    match fix.change:
        case GrantSending(identity=identity):
            concerned = [ses_state for ses_state in path.ses_states if ses_state.identity_ref == identity]
        case ReplaceEmailConfiguration():
            restored = () if path.as_restored is None else path.as_restored.ses_states
            concerned = [*path.ses_states, *path.candidates.values(), *restored]
        case CreateServiceLinkedRole():
            concerned = []
    for ses_state in concerned:
        exemption = _exemption_of(ses_state, today=today)
        if not isinstance(exemption, NotExempt):
            ref = ses_state.identity_ref
            return message("decision.identity-exempt", name=ref.name, region=ref.region, exemption=exemption.reason)
    return None


def _exemption_of(ses_state: SesRegionState, *, today: date) -> Exemption:
    identity = ses_state.identity
    if isinstance(identity, Missing):
        return NotExempt()
    return exemption_of(identity.tags if isinstance(identity, Identity) else identity, today=today)


def _unknown_members_forbid(path: MailPath) -> Message | None:
    """MW905: a member this SDK does not know could be reset by a write."""
    if not path.pool.unknown_members:
        return None
    return message("decision.unknown-members", members=path.pool.unknown_members)
