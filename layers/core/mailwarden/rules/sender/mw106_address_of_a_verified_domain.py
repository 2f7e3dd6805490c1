"""MW106: the pool uses an address as its identity, but only the address's domain is an SES identity."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import verified_domain
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SourceArn is an unverified address in a verified domain.

    ## What it does
    If the address in `SourceArn` is not an SES identity, checks whether its domain is a verified identity in that
    region.

    ## Why it matters
    A domain identity may send for all its addresses, but `SourceArn` names an identity that does not exist. Sign-up and
    forgotten-password calls fail with "Email address is not verified", or users wait for a code that is never sent.

    ## Example
    `"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/no-reply@example.com"` where `example.com` is verified.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose the domain as
      the identity and fill in the address as "FROM sender name".
    - **CLI:** `make set-sender POOL=… IDENTITY=example.com FROM=hello@example.com`;
      it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` to the domain's ARN and `From` to the address.
    - **Terraform:** set `source_arn` to the domain's ARN and `from_email_address` to the address.

    ## Fix and its safety
    Sets `SourceArn` to the domain and keeps `From`; if `From` was absent, the fix sets it to the address. Recipients
    see the same sender. The fix is safe if the pool can send afterwards. It is unsafe if `From` is outside the domain,
    because the fix does not change that.

    ## Known gaps
    Only `DEVELOPER` pools are checked: the default sender takes its FROM from an address identity. Parent domains are
    not checked.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    sender = path.sender
    if not isinstance(sender, UsesIdentity) or sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in path.ses_states:
        domain = verified_domain(path, ses_state)
        if domain is not None:
            yield _finding(path, ses_state, domain)
            return


def _finding(path: MailPath, ses_state: SesRegionState, domain: IdentityRef) -> Finding:
    address = ses_state.identity_ref.name
    email = path.pool.email
    after = replace(email, source_arn=domain.arn, from_address=email.from_address or address)
    return RULE.finding(
        path,
        effect=Effect.LOST,
        message=message("MW106.unverified", pool=pool_message(path.pool), address=address, domain=domain.name),
        why=message("MW106.why"),
        remediation=message("MW106.remediation", arn=domain.arn, address=after.from_address or address),
        evidence={"source_arn": ses_state.identity_ref.arn, "verified_domain": domain.arn},
        fix=_fix(path, domain, after),
    )


def _fix(path: MailPath, domain: IdentityRef, after: EmailConfiguration) -> Fix:
    return Fix(
        title=message("fix.use-domain", pool=pool_message(path.pool), domain=domain.name, region=domain.region),
        applicability=Applicability.SAFE,
        change=ReplaceEmailConfiguration(pool=path.pool.ref, before=path.pool.email, after=after),
    )


RULE = Rule(
    rule_id="MW106",
    name="address-of-a-verified-domain",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    writes=frozenset({"cognito-idp:UpdateUserPool"}),
    check=check,
)
