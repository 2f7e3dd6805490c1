"""The fix that gives one pool its grant on one side, and the same grant as a person would write it."""

from dataclasses import dataclass

from mailwarden.domain.findings.changes import Applicability, Fix, GrantSending
from mailwarden.domain.mail_path.consent import Opened
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import region_answer
from mailwarden.message import message
from mailwarden.policy import Grant, GrantImpossible, grant_pools
from mailwarden.regions import RegionAnswer
from mailwarden.rules.naming import pool_message
from mailwarden.rules.sending_grant.requirement import SideFault

# What GrantSending is written with.
WRITES = frozenset({"ses:CreateEmailIdentityPolicy", "ses:UpdateEmailIdentityPolicy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGrant:
    """Nothing of ours could be written for this side, and why."""

    reason: str


def grant_fix(path: MailPath, fault: SideFault) -> Fix | NoGrant:
    """Put the pool into our own policy of the identity; nobody else's policy is touched.

    Claimed safe, for the statement names this pool and nothing else; judging grades it, and the planner asks the
    owner's consent.
    """
    ref = fault.ses_state.identity_ref
    if region_answer(path) is not RegionAnswer.ALLOWED:
        return NoGrant(reason=f"pools in {path.pool.ref.region} are not known to send through {ref.region}")
    if not fault.identity.verified_for_sending:
        # SES takes no policy for an identity that is not verified (SES API reference, PutIdentityPolicy).
        return NoGrant(reason="SES takes policies only for verified identities")
    plan = grant_pools(
        fault.identity.policies, identity_arn=ref.arn, account=path.pool.ref.account, grants=[_grant(path, fault)]
    )
    if isinstance(plan, GrantImpossible):
        return NoGrant(reason=plan.reason)
    if not plan.writes:
        return NoGrant(reason="the policy of ours that grants it is there already")
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


def attach_by_hand(path: MailPath, fault: SideFault) -> str:
    """What to do, with the exact policy."""
    ref = fault.ses_state.identity_ref
    policy = needed_policy(path, fault)
    shown = policy or f"that lets {fault.principal_needed} send for {path.pool.ref.arn}"
    return f"Attach to {ref.name} in SES region {ref.region} this sending policy: {shown}"


def evidence_of(faults: tuple[SideFault, ...]) -> dict[str, str]:
    """What was seen, side by side where there are two."""
    first = faults[0]
    return {
        "identity": "; ".join(fault.ses_state.identity_ref.arn for fault in faults),
        "decision": _by_region([(fault, fault.answer.sentence) for fault in faults]),
        "principal_needed": first.principal_needed,
        "principals_found": _by_region(
            [(fault, ", ".join(fault.answer.principals_found) or "none") for fault in faults]
        ),
        "consent": _by_region([(fault, _consent(fault)) for fault in faults]),
    }


def _consent(fault: SideFault) -> str:
    consent = fault.ses_state.consent
    return f"given: {consent.by}" if isinstance(consent, Opened) else f"not given: {consent.reason}"


def _by_region(texts: list[tuple[SideFault, str]]) -> str:
    if len(texts) == 1:
        return texts[0][1]
    return "; ".join(f"{fault.ses_state.identity_ref.region}: {text}" for fault, text in texts)


def _grant(path: MailPath, fault: SideFault) -> Grant:
    return Grant(principal=fault.principal_needed, pool_arn=path.pool.ref.arn)
