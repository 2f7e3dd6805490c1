"""MW301: the identity that the pool sends as does not exist."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states, verified_domain
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.naming import identity_message, pool_message
from mailwarden.rules.root_causes import identity_state
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find identities that pools send as and that do not exist in SES in that region.

    ## What it does
    Reads the identity in `SourceArn` in the SES region named there, or in both regions if the pool's mail is split over
    two.

    ## Why it matters
    Cognito checks the identity only when the pool is configured. After the identity is deleted, sign-up and
    forgotten-password calls fail, or they succeed and users wait for a code that is never sent.

    ## Example
    A pool with `"SourceArn": "arn:aws:ses:us-west-2:111122223333:identity/support@example.com"` after
    `aws ses delete-identity --identity support@example.com --region us-west-2`.

    ## What to do
    - **Console:** Amazon SES → the region → Identities → Create identity; verify it. If sending needs a policy,
      attach it again too, because SES deleted it with the identity.
    - **CLI:** `aws sesv2 create-email-identity --email-identity … --region us-west-2`.
    - **CloudFormation:** an `AWS::SES::EmailIdentity` in that region.
    - **Terraform:** an `aws_sesv2_email_identity` in that region.

    ## Fix and its safety
    None: only the owner of an address or a domain can verify it.

    ## Known gaps
    SES stores domains in lower case, and ARNs are compared by case: the advice names a verified identity that exists in
    lower case. For `DEVELOPER` pools, MW106 reports a missing address instead if its domain is verified. If only a
    parent domain is verified, the advice names it. SES lets a domain send for its subdomains; AWS does not document
    whether Cognito accepts such a FROM.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    for ses_state in usable_ses_states(path):
        ref = ses_state.identity_ref
        match ses_state.identity:
            case Identity():
                continue
            case Unreadable() as refused:
                yield RULE.undecided(path, subject=ref, because=refused.message)
            case Missing() if verified_domain(path, ses_state) is not None:
                continue
            case Missing():
                yield RULE.finding(
                    path,
                    subject=ref,
                    effect=Effect.LOST,
                    message=message("MW301.missing", identity=identity_message(ref), pool=pool_message(path.pool)),
                    why=message("MW301.why"),
                    remediation=_remediation(path, ref),
                    evidence={"source_arn": path.pool.email.source_arn or "", "ses_region": ref.region},
                )


def _remediation(path: MailPath, ref: IdentityRef) -> Message:
    """The advice; the same identity in lower case, or a verified parent domain of the address, is the shorter way."""
    candidate = path.candidates.get(ref.region)
    live = None if candidate is None else candidate.live_identity
    if live is not None and live.verified_for_sending:
        if live.ref.name.lower() == ref.name.lower():
            return message("MW301.remediation.lower-case", arn=live.ref.arn)
        if ref.is_address and ref.name.lower().endswith(f".{live.ref.name}"):
            return message("MW301.remediation.parent", identity=ref.name, region=ref.region, arn=live.ref.arn)
    return message("MW301.remediation", identity=ref.name, region=ref.region)


RULE = Rule(
    rule_id="MW301",
    name="identity-missing",
    link=Link.IDENTITY,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
    root_cause=identity_state,
)
