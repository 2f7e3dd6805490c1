"""MW106: the pool names an address as its identity, and only the address's domain is one."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import verified_domain
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_message, pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SourceArn is an address of a domain that is verified, where the address itself is not.

    ## What it does
    Where the address in `SourceArn` is no identity, looks whether its domain is one that is verified in that region.

    ## Why it matters
    SES lets the domain send for all its addresses, but an ARN names an identity, and the address has none. Sign-up and
    forgotten-password calls fail with "Email address is not verified", or users wait for a code that is never sent.

    ## Example
    `"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/no-reply@example.com"` where `example.com` is verified.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose the domain as
      the identity and fill in the address as "FROM sender name".
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration
      SourceArn=arn:aws:ses:…:identity/example.com,From=no-reply@example.com,…` with every other setting of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` to the domain's ARN and `From` to the address.
    - **Terraform:** set `source_arn` to the domain's ARN and `from_email_address` to the address.

    ## Fix and its safety
    Sets `SourceArn` to the domain and keeps the FROM; where there was none, the address becomes it. Recipients see the
    same sender. Safe if mail then gets through. A `From` outside the domain makes it unsafe, because it stays.

    ## Known gaps
    Only `DEVELOPER`: the default sender takes its FROM from an address identity. A parent of the domain is not looked
    for.

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
        message=f"{pool_words(path.pool)} names the address {address} as its identity, and only its domain "
        f"{domain.name} is one",
        why="SES finds no identity of that name, although its domain could send for the address",
        remediation=f"Set SourceArn of the pool to {domain.arn} and From to {after.from_address}",
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
