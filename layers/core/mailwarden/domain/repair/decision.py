"""From findings to decisions: repair, or report because …; every reason not to write is spelled out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mailwarden.domain.findings.changes import (
    Applicability,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.consent import NotOpened
from mailwarden.domain.mail_path.exemption import Exemption, NotExempt, ReportOnly, Silent, exemption_of
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef


class RepairMode(StrEnum):
    """How much the deployment lets itself do: nothing (shadow), safe fixes, or unsafe ones too."""

    OFF = "off"
    SAFE = "safe"
    UNSAFE = "unsafe"


class RuleMode(StrEnum):
    """What the operator's settings let one rule do."""

    OFF = "off"
    REPORT = "report"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed now. Without any word from the operator: nothing is written.

    ``closed_because`` is set when the settings could not be read or are not valid: then everything is report-only.
    """

    repair_mode: RepairMode = RepairMode.OFF
    rule_modes: Mapping[str, RuleMode] = field(default_factory=dict)
    closed_because: str | None = None

    def mode_of(self, rule_id: str) -> RuleMode:
        """The mode of one rule; a rule nobody mentions may repair as far as ``repair_mode`` lets it."""
        return self.rule_modes.get(rule_id, RuleMode.REPAIR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The fix is to be written."""

    finding: Finding
    fix: Fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The finding is announced and nothing is written, because of what ``because`` says."""

    finding: Finding
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The owner asked for silence: the finding is recorded as exempt."""

    finding: Finding
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnly:
    """The finding is worth a line in a report and no alert: it is recorded in silence."""

    finding: Finding
    because: str


type Decision = Repair | Report | Mute | NoteOnly


def plan(findings: Iterable[Finding], path: MailPath, limits: Limits, *, today: date) -> tuple[Decision, ...]:
    """One decision for each finding, in order; at most one repair, because two fixes would share a ``before``.

    What one refused read leaves unknown is told once, by the first rule that may say so; the verdict knows of all.
    """
    decisions: list[Decision] = []
    repairing = False
    unknown: set[str] = set()
    for finding in findings:
        reason = finding.evidence.get("reason", "") if finding.effect is Effect.UNKNOWN else ""
        if reason in unknown:
            continue
        decision = _decide(finding, path, limits, today=today)
        if reason and isinstance(decision, Report):
            unknown.add(reason)
        if isinstance(decision, Repair):
            if repairing:
                decision = Report(finding=finding, because="another repair of this mail path goes first")
            repairing = True
        decisions.append(decision)
    return tuple(decisions)


def _decide(finding: Finding, path: MailPath, limits: Limits, *, today: date) -> Decision:
    if limits.mode_of(finding.rule_id) is RuleMode.OFF:
        # Recorded in silence rather than left out: what is not found any more would count as mended.
        return Mute(finding=finding, because=f"the settings turn {finding.rule_id} off")
    exemption = exemption_of(path.pool.tags, today=today)
    if isinstance(exemption, Silent):
        return Mute(finding=finding, because=f"the pool is exempt: {exemption.because}")
    if finding.is_note:
        return NoteOnly(finding=finding, because=f"{finding.rule_id} is for reports, not for alerts")
    fix = finding.fix
    if fix is None:
        return Report(finding=finding, because="no write of Mailwarden mends it: this is for people to decide")
    reason = (
        _mode_forbids(finding.rule_id, fix, limits)
        or (f"the pool is exempt: {exemption.because}" if isinstance(exemption, ReportOnly) else None)
        or _consent_forbids(fix, path)
        or _identities_forbid(fix, path, today=today)
        or _unknown_members_forbid(path)
    )
    if reason is not None:
        return Report(finding=finding, because=reason)
    return Repair(finding=finding, fix=fix)


def _mode_forbids(rule_id: str, fix: Fix, limits: Limits) -> str | None:
    if limits.closed_because is not None:
        return f"the settings cannot be relied on: {limits.closed_because}"
    if limits.repair_mode is RepairMode.OFF:
        return "RepairMode is off"
    if limits.mode_of(rule_id) is RuleMode.REPORT:
        return f"the settings let {rule_id} only report"
    match fix.applicability:
        case Applicability.SAFE:
            return None
        case Applicability.UNSAFE:
            if limits.repair_mode is RepairMode.UNSAFE:
                return None
            return "the fix is not safe and RepairMode is safe"
        case Applicability.MANUAL:
            return "the fix is for a person to carry out"


def _consent_forbids(fix: Fix, path: MailPath) -> str | None:
    """A grant needs the consent of the identity's owner, in every mode."""
    if not isinstance(fix.change, GrantSending):
        return None
    ses_state = next(
        (ses_state for ses_state in path.ses_states if ses_state.identity_ref == fix.change.identity), None
    )
    if ses_state is None or ses_state.live_identity is None:
        return f"{fix.change.identity.arn} could not be read"
    if isinstance(ses_state.consent, NotOpened):
        return f"the identity's owner has not opened it to this pool: {ses_state.consent.reason}"
    return None


def _identities_forbid(fix: Fix, path: MailPath, *, today: date) -> str | None:
    """A grant or a move keeps away from identities whose owners asked for it: the one left and the one taken."""
    match fix.change:
        case GrantSending(identity=identity):
            concerned = [ses_state for ses_state in path.ses_states if ses_state.identity_ref == identity]
        case ReplaceEmailConfiguration():
            concerned = [*path.ses_states, *path.candidates.values()]
        case CreateServiceLinkedRole():
            concerned = []
    for ses_state in concerned:
        match _exemption_of(ses_state, today=today):
            case NotExempt():
                continue
            case ReportOnly(because=because) | Silent(because=because):
                identity = ses_state.identity_ref
                return f"the identity {identity.name} in {identity.region} is exempt: {because}"
    return None


def _exemption_of(ses_state: SesRegionState, *, today: date) -> Exemption:
    match ses_state.identity:
        case Identity(tags=tags):
            return exemption_of(tags, today=today)
        case Unreadable():
            return exemption_of(ses_state.identity, today=today)
        case Missing():
            return NotExempt()


def _unknown_members_forbid(path: MailPath) -> str | None:
    """MW905: a member this SDK does not know could be reset by a write."""
    if not path.pool.unknown_members:
        return None
    return f"the pool has members this SDK does not know: {', '.join(path.pool.unknown_members)}"


def identities_of(path: MailPath) -> tuple[IdentityRef, ...]:
    """The identities the path uses now: what the ledger's reverse index is built from."""
    return tuple(ses_state.identity_ref for ses_state in path.ses_states)
