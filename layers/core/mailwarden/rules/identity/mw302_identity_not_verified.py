"""MW302: the identity exists but is not verified, so SES sends no mail as it."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, Missing, Unreadable, VerificationStatus
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.naming import identity_message, pool_message, status_message
from mailwarden.rules.root_causes import identity_state
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities that pools send as and that are not verified, or are about to lose their verification.

    ## What it does
    Reads `VerifiedForSendingStatus` and `VerificationStatus`. Mail is lost if the identity is not verified for sending.
    A verified identity with a temporary failure means that SES no longer finds the DNS records. SES gives up after 72
    hours.

    ## Why it matters
    SES rejects mail from an identity that is not verified. An identity can lose its verification without any API call,
    for example when a DNS record is deleted. Sign-up and forgotten-password calls fail, or users wait for a code that
    is never sent.

    ## Example
    `{"VerifiedForSendingStatus": false, "VerificationStatus": "PENDING"}`: the link in the verification mail was not
    opened within its 24 hours.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity: for an address choose Resend and open the link
      in the mail; for a domain publish the DNS records that are shown.
    - **CLI:** `aws sesv2 get-email-identity --email-identity …` shows the status and the records.
    - **CloudFormation** and **Terraform:** publish the DKIM tokens of the identity as CNAME records, for example with
      `AWS::Route53::RecordSet` or `aws_route53_record`.

    ## Fix and its safety
    None: only the owner of an address or a domain can verify it.

    ## Known gaps
    SES does not report how long a temporary failure has lasted.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html
    """
    for ses_state in usable_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case Identity(verified_for_sending=False, verification_status=status):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.LOST,
                    message=message(
                        "MW302.not-verified",
                        identity=identity_message(ref),
                        status=status_message(status),
                        pool=pool_message(path.pool),
                    ),
                    why=message("MW302.why.not-verified"),
                    remediation=_to_do(ref),
                    evidence={"verification_status": status, "ses_region": ref.region},
                )
            case Identity(verification_status=VerificationStatus.TEMPORARY_FAILURE as status):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.AT_RISK,
                    severity=Severity.HIGH,
                    message=message("MW302.failing", identity=identity_message(ref), pool=pool_message(path.pool)),
                    why=message("MW302.why.failing"),
                    remediation=_to_do(ref),
                    evidence={"verification_status": status, "ses_region": ref.region},
                )
            case Identity():
                continue


def _to_do(ref: IdentityRef) -> Message:
    if ref.is_address:
        return message("MW302.remediation.address", identity=ref.name, region=ref.region)
    return message("MW302.remediation.domain", identity=ref.name, region=ref.region)


RULE = Rule(
    rule_id="MW302",
    name="identity-not-verified",
    link=Link.IDENTITY,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
    root_cause=identity_state,
)
