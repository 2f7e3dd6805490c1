"""MW906: another actor wrote to a pool or an identity while Mailwarden did."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.overlap import Overlap
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SubjectKind, subject_from_arn
from mailwarden.message import message
from mailwarden.rules.naming import subject_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find writes of Mailwarden that another actor's call overlapped.

    ## What it does
    Neither Cognito nor SES has a conditional write. Mailwarden compares the live state, writes at once, and stores the
    time from the comparison to AWS's answer (milliseconds, `CompareToWrite`). If CloudTrail reports another actor's
    call to the same pool (`UpdateUserPool`, `SetUserPoolMfaConfig`, tags) or to a policy of Mailwarden's on the same
    identity in that time, one of the two writes may have replaced the other. Whose call it was is decided by the role
    that made it.

    ## Why it matters
    `UpdateUserPool` replaces the whole pool, and a policy is replaced as a whole. What the other call changed may be
    lost, and no read shows it. Before a comparison nothing is ever lost: Mailwarden then writes nothing.

    ## Example
    Mailwarden moves a pool to an allowed region; in the same second a deployment changes the pool's password policy.

    ## What to do
    - **Console:** CloudTrail, Event history: open the event that the finding names, and check that its change is live.
    - **CLI:** `aws cloudtrail lookup-events` with `AttributeKey=EventId,AttributeValue=…`, then
      `aws cognito-idp describe-user-pool` or `aws sesv2 get-email-identity`; make the call again if its change is gone.
    - **CloudFormation:** detect drift of the stack that owns the pool; update the stack if there is any.
    - **Terraform:** `terraform plan` shows what was lost, and `terraform apply` restores it.

    ## Fix and its safety
    None: an event does not show reliably what its caller wanted, so only that caller can repeat it.

    ## Known gaps
    CloudTrail dates a call to the second. A call in the same second may have been made before the comparison or after
    the answer: the finding says that it may have been lost, not that it was. A call that no event reports is not found,
    nor one whose event names no identity. The finding stays open for a day, whether or not the change was checked.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_UpdateEmailIdentityPolicy.html
    - https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    found: dict[str, Overlap] = {}
    for overlap in path.ledger_facts.overlaps:
        found.setdefault(overlap.window.resource, overlap)
    for resource, overlap in found.items():
        subject = subject_from_arn(resource)
        if isinstance(subject, PoolRef | IdentityRef):
            yield _finding(path, subject, overlap)


def _finding(path: MailPath, subject: PoolRef | IdentityRef, overlap: Overlap) -> Finding:
    call, window = overlap.call, overlap.window
    at = call.at.isoformat(timespec="seconds")
    evidence = {
        "event": call.event_name,
        "event_id": call.event_id,
        "actor": call.actor,
        "at": at,
        "compared_at": window.compared_at.isoformat(timespec="milliseconds"),
        "written_at": window.ends_at.isoformat(timespec="milliseconds"),
        "entry_id": window.entry_id,
    }
    if call.members:
        evidence["members"] = ", ".join(call.members)
    name = subject_message(path, subject)
    return RULE.finding(
        path,
        subject=subject,
        effect=Effect.NONE,
        message=message("MW906.overlapped", resource=name, event=call.event_name, actor=call.actor, at=at),
        why=message("MW906.why-unmeasured" if window.written_at is None else "MW906.why"),
        remediation=message("MW906.remediation-members", members=call.members, event_id=call.event_id)
        if call.members
        else message("MW906.remediation", event_id=call.event_id),
        evidence=evidence,
    )


RULE = Rule(
    rule_id="MW906",
    name="write-overlapped",
    link=Link.MONITORING,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    other_kinds=frozenset({SubjectKind.IDENTITY}),
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
