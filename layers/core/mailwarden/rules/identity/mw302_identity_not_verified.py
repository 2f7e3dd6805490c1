"""MW302: the identity exists and SES does not let anybody send as it."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import Identity, Missing, Unreadable, VerificationStatus
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.rules.naming import identity_words, pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities that pools send as and that are not verified, or are about to lose their verification.

    ## What it does
    Reads `VerifiedForSendingStatus` and `VerificationStatus`. Not verified for sending means that mail is lost.
    Verified with a temporary failure means that SES no longer finds the DNS records; it gives up after 72 hours.

    ## Why it matters
    SES refuses mail from an identity that is not verified. It happens without any call that could be seen, for instance
    when a DNS record disappears. Sign-up and forgotten-password calls fail, or users wait for a code that is never
    sent.

    ## Example
    `{"VerifiedForSendingStatus": false, "VerificationStatus": "PENDING"}`: nobody opened the link in the verification
    mail, which is good for 24 hours.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → the identity: for an address choose Resend and open the link
      in the mail; for a domain publish the DNS records that are shown.
    - **CLI:** `aws sesv2 get-email-identity --email-identity …` shows status and records.
    - **CloudFormation** and **Terraform:** publish the DKIM tokens of the identity as CNAME records, for instance with
      `AWS::Route53::RecordSet` or `aws_route53_record`.

    ## Fix and its safety
    None: only the owner of an address or a domain can verify it.

    ## Known gaps
    How long a temporary failure has lasted is not said.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html
    """
    for ses_state in judged_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=str(refused))
            case Identity(verified_for_sending=False, verification_status=status):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.LOST,
                    message=f"{identity_words(ref)} is not verified ({_words(status)}), and {pool_words(path.pool)} "
                    "sends as it",
                    why="SES refuses mail from an identity that is not verified",
                    remediation=_to_do(ref),
                    evidence={"verification_status": status, "ses_region": ref.region},
                )
            case Identity(verification_status=VerificationStatus.TEMPORARY_FAILURE as status):
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.AT_RISK,
                    severity=Severity.HIGH,
                    message=f"{identity_words(ref)} is about to lose its verification, and {pool_words(path.pool)} "
                    "sends as it",
                    why="SES no longer finds the DNS records of the identity and gives up after 72 hours",
                    remediation=_to_do(ref),
                    evidence={"verification_status": status, "ses_region": ref.region},
                )
            case Identity():
                continue


def _words(status: VerificationStatus) -> str:
    return status.replace("_", " ").lower()


def _to_do(ref: IdentityRef) -> str:
    if ref.is_address:
        return f"Send the verification mail to {ref.name} again in SES region {ref.region} and open its link"
    return f"Publish the DNS records that SES shows for {ref.name} in region {ref.region}"


RULE = Rule(
    rule_id="MW302",
    name="identity-not-verified",
    link=Link.IDENTITY,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
