"""The fix that gives one pool its grant on one side, and the same grant as a person would write it."""

from dataclasses import dataclass

from mailwarden.domain.findings.changes import Applicability, Fix, GrantSending
from mailwarden.domain.mail_path.consent import Opened
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import region_answer
from mailwarden.message import Argument, Message, message
from mailwarden.policy import Grant, GrantImpossible, grant_pools
from mailwarden.regions import RegionAnswer
from mailwarden.rules.naming import pool_message
from mailwarden.rules.quotation import Step
from mailwarden.rules.sending_grant.requirement import SideFault

# What GrantSending is written with.
WRITES = frozenset({"ses:CreateEmailIdentityPolicy", "ses:UpdateEmailIdentityPolicy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGrant:
    """Nothing of ours could be written for this side, and why."""

    reason: Message


def grant_fix(path: MailPath, fault: SideFault) -> Fix | NoGrant:
    """Put the pool into our own policy of the identity; nobody else's policy is touched.

    Claimed safe, for the statement names this pool and nothing else; judging grades it, and the planner asks the
    owner's consent.
    """
    ref = fault.ses_state.identity_ref
    if region_answer(path) is not RegionAnswer.ALLOWED:
        return NoGrant(
            reason=message("grant.region-not-known", pool_region=path.pool.ref.region, ses_region=ref.region)
        )
    if not fault.identity.verified_for_sending:
        # SES takes no policy for an identity that is not verified (SES API reference, PutIdentityPolicy).
        return NoGrant(reason=message("grant.identity-not-verified"))
    plan = grant_pools(
        fault.identity.policies, identity_arn=ref.arn, account=path.pool.ref.account, grants=[_grant(path, fault)]
    )
    if isinstance(plan, GrantImpossible):
        return NoGrant(reason=plan.reason)
    if not plan.writes:
        return NoGrant(reason=message("grant.exists"))
    return Fix(
        title=message("fix.grant-pool", pool=pool_message(path.pool), identity=ref.name, region=ref.region),
        applicability=Applicability.SAFE,
        change=GrantSending(identity=ref, pools=(path.pool.ref,), before=plan.before, after=plan.after),
    )


def needed_policy(path: MailPath, fault: SideFault) -> str:
    """The least policy that would do, to be attached by hand; empty if the names cannot be written into one."""
    ref = fault.ses_state.identity_ref
    plan = grant_pools({}, identity_arn=ref.arn, account=path.pool.ref.account, grants=[_grant(path, fault)])
    if isinstance(plan, GrantImpossible):
        return ""
    return "".join(write.after or "" for write in plan.writes)


def attach_by_hand(path: MailPath, fault: SideFault) -> tuple[Step, ...]:
    """The step that grants it, with the exact policy."""
    ref = fault.ses_state.identity_ref
    policy = needed_policy(path, fault)
    described = message(
        "grant.attach-described",
        identity=ref.name,
        region=ref.region,
        principal=fault.principal_needed,
        pool=path.pool.ref.arn,
    )
    attach = message("grant.attach", identity=ref.name, region=ref.region, policy=policy) if policy else None
    return (Step(described=described, quoting=attach, quoted=policy),)


def evidence_of(faults: tuple[SideFault, ...]) -> dict[str, Argument]:
    """What was observed, one SES region after the other."""
    return {
        "identity": _several(tuple(fault.ses_state.identity_ref.arn for fault in faults)),
        "decision": _by_region(faults, tuple(fault.answer.evaluation for fault in faults)),
        "principal_needed": faults[0].principal_needed,
        "principals_found": _by_region(
            faults, tuple(fault.answer.principals_found or message("words.none") for fault in faults)
        ),
        "consent": _by_region(faults, tuple(_consent(fault) for fault in faults)),
    }


def _consent(fault: SideFault) -> Message:
    consent = fault.ses_state.consent
    if isinstance(consent, Opened):
        return message("consent.given", by=consent.by)
    return message("consent.not-given", reason=consent.reason)


def _several(values: tuple[Argument, ...]) -> Argument:
    return values[0] if len(values) == 1 else message("sentences", sentences=values)


def _by_region(faults: tuple[SideFault, ...], values: tuple[Argument, ...]) -> Argument:
    """Each value once, with its regions where there are several values."""
    regions_of: dict[Argument, list[str]] = {}
    for fault, value in zip(faults, values, strict=True):
        regions_of.setdefault(value, []).append(fault.ses_state.identity_ref.region)
    if len(regions_of) == 1:
        return values[0]
    return _several(
        tuple(message("by-region", regions=tuple(regions), value=value) for value, regions in regions_of.items())
    )


def _grant(path: MailPath, fault: SideFault) -> Grant:
    return Grant(principal=fault.principal_needed, pool_arn=path.pool.ref.arn)
