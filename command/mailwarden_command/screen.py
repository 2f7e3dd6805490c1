"""The command's own sentences in English; those about findings come from the catalogue of ``presentation``."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Unreadable
from mailwarden.message import texts_in
from mailwarden_command.audit.report import AuditReport

ANSWERS: Mapping[Answer, str] = {
    Answer.NO: "cannot send mail",
    Answer.UNKNOWN: "unknown whether they can send mail",
    Answer.AT_RISK: "can send mail, but this is at risk",
    Answer.YES: "can send mail",
}
EFFECTS: Mapping[Effect, str] = {
    Effect.LOST: "mail is lost",
    Effect.UNKNOWN: "could not be judged",
    Effect.AT_RISK: "mail is at risk",
    Effect.NONE: "mail is delivered",
}
# One name for all denials of AWS (adapters/aws/errors.py).
_DENIED = "AccessDenied"
NO_POOL = "No user pool was found. Name the regions with --regions, or check the account of the credentials."


UNKNOWN = "Could not be judged"
NOT_AUDITED = "Not audited"


def counted(number: int, noun: str) -> str:
    """A number and a noun that takes an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listing(account: str, pools: int, regions: int) -> str:
    """The pools are known."""
    return f"Account {account}: {counted(pools, 'pool')} in {counted(regions, 'region')} to judge."


def left_out(members: Iterable[tuple[str, str, str]]) -> str:
    """The accounts of an organization that are not active: their ids, names and states."""
    named = [
        f"{account} ({', '.join(filter(None, (name, state.lower().replace('_', ' '))))})"
        for account, name, state in members
    ]
    return f"{counted(len(named), 'account')} left out, because nothing can be read there: {', '.join(named)}."


def summary(report: AuditReport) -> str:
    """The headline of a report."""
    pools = len(report.pools) + len(report.unread)
    regions = {region.region for account in report.accounts for region in account.regions if region.pools}
    accounts = ", ".join(account.account for account in report.accounts)
    seconds = (report.ended_at - report.started_at).total_seconds()
    noun = "account" if len(report.accounts) == 1 else "accounts"
    where = f"{counted(len(regions), 'region')} of {noun} {accounts}"
    return f"{counted(pools, 'user pool')} in {where}, audited in {seconds:.1f} s; nothing was changed"


def deleted(report: AuditReport) -> str:
    """The pools that are gone since they were listed; empty if there are none."""
    if not report.deleted:
        return ""
    were = "was" if report.deleted == 1 else "were"
    return f"{counted(report.deleted, 'pool')} {were} deleted meanwhile, and left out."


def more_causes(number: int) -> str:
    """The causes of a rule that the table leaves out."""
    return f"and {number} more: --output json, csv or markdown has all of them"


NO_HINT = "inspect would do nothing: the call failed, or it concerns no pool's mail."
NO_WRITE = "Nothing would be written."
SOUND = "Sound"


def replayed(call: str, actor: str, region: str, at: str) -> str:
    """The headline of a replay."""
    return f"{call} in {region} at {at} by {actor}"


def would_drop(reason: str) -> str:
    """Why an event is ignored."""
    return f"inspect would ignore this event: {reason}."


def would_inspect(pools: int) -> str:
    """The pools that the hints lead to."""
    return f"inspect would look at {counted(pools, 'pool')}; nothing was changed."


def would_write(number: int) -> str:
    """The repairs; each is decided again just before it is written."""
    return f"{counted(number, 'repair')} would be ordered, and decided again before the write:"


def would(finding: Mapping[str, Any]) -> str:
    """The part of a deployment with ``RepairMode`` safe: the command itself changes nothing."""
    fix, mailwarden = finding["fix"], finding["mailwarden"]
    if fix is None:
        return f"No repair: {mailwarden['because']}."
    change = f"{fix['title']} ({fix['applicability']})"
    if mailwarden["will"] == "repair":
        return f"Mailwarden would repair it: {change}."
    return f"No repair: {mailwarden['because']}. The repair would be: {change}."


def not_readable(report: AuditReport) -> Iterator[str]:
    """The accounts, regions and pools that are missing from the report, and why; equal refusals are one line."""
    for account in report.accounts:
        if account.unreadable is not None:
            yield f"Account {account.account}: {_reason(account.unreadable)}."
        by_reason: dict[tuple[str, str], list[str]] = {}
        for region in account.regions:
            if region.refusal is not None:
                key = str(region.refusal.reason), region.refusal.action
                by_reason.setdefault(key, []).append(region.region)
        for (reason, action), regions in by_reason.items():
            yield f"{', '.join(regions)}: {reason} for {action}."
    if report.stopped is not None:
        yield f"{_reason(report.stopped)}."
    for pool in report.unread:
        yield f"{pool.ref.pool_id}: {pool.refusal}."


def stopped(report: AuditReport, *, record: Path | None) -> str:
    """Where credentials ended, why, whether that ended the audit, and how the rest is; empty if nothing is missing."""
    if not report.is_cut_short:
        return ""
    of_accounts = [
        f"account {each.account}: {_reason(each.unreadable)}"
        for each in report.accounts
        if each.unjudged is not None and each.unreadable is not None
    ]
    reasons = [*of_accounts, *([] if report.stopped is None else [_reason(report.stopped)])]
    if report.stopped is None and report.accounts[-1].unjudged is None:
        return f"The audit went on with the other accounts. Not whole: {'; '.join(reasons)}. Run the audit again."
    kept = "" if record is None else f" With --record {record} it goes on from here."
    return f"The audit stopped: {'; '.join(reasons)}. The report has what was judged before: run the audit again.{kept}"


def _reason(refusal: Unreadable) -> str:
    return str(refusal.about or refusal)


def refused_access(report: AuditReport) -> str:
    """The advice for refused reads; empty if there are none."""
    refusals = (refusal.reason for refusal in report.refusals)
    reasons = (said.finding.unknown_reason for _, said in report.said())
    unknown = (text for reason in reasons if reason is not None for text in texts_in(reason))
    return REFUSED if _DENIED in (*refusals, *unknown) else ""


READ_IT = "Allow the read that the reason names, and run the audit again"
REFUSED = (
    "`mailwarden audit --policy` prints the policy that an audit needs. If a service control policy closes a region, "
    "name the others with --regions."
)
