"""MW104: the pool's FROM address does not belong to the identity it sends as."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.from_header import configured_from
from mailwarden.domain.mail_path.mailbox import Mailbox, in_punycode, read_mailbox
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose FROM address is neither their identity's address nor in its domain.

    ## What it does
    Compares `From` with the identity in `SourceArn`. It must be the same address, or an address in the domain or in one
    of its subdomains. Domains are compared in Punycode; a domain in other letters is reported by MW107.

    ## Why it matters
    SES lets an identity send only for itself. Sign-up and forgotten-password calls fail, or users wait for a code that
    is never sent.

    ## Example
    `{"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com", "From": "no-reply@example.org"}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: set "FROM sender
      name" to an address of the identity, or choose the identity that the address belongs to.
    - **CLI:** `make set-sender POOL=… FROM=…`, or with `IDENTITY=…`; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.From` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `from_email_address` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: Mailwarden cannot know whether the address or the identity is the correct one.

    ## Known gaps
    An address that differs from an address identity only in upper and lower case, or by a `+label`, is *unknown*: SES
    is case-sensitive, and AWS does not document whether Cognito is.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    - https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    sender = path.sender
    if not isinstance(sender, UsesIdentity) or is_foreign(path):
        return
    configured = configured_from(path.pool.email, sender.ref)
    mailbox = None if configured is None else read_mailbox(configured)
    if mailbox is None or belongs_to(mailbox, sender.ref):
        return
    alike = _is_alike(mailbox, sender.ref)
    yield RULE.finding(
        path,
        effect=Effect.UNKNOWN if alike else Effect.LOST,
        message=message(
            "MW104.may-be-outside" if alike else "MW104.outside",
            pool=pool_message(path.pool),
            address=mailbox.address,
            identity=sender.ref.name,
        ),
        why=message("MW104.why"),
        remediation=message(
            "MW104.remediation.address" if sender.ref.is_address else "MW104.remediation.domain",
            identity=sender.ref.name,
            address=mailbox.address,
        ),
        evidence={"from": mailbox.address, "source_arn": sender.ref.arn},
    )


def belongs_to(mailbox: Mailbox, ref: IdentityRef) -> bool:
    """Whether an address is covered by an identity: the local part of an address identity as it is written."""
    local, _, domain = ref.name.rpartition("@")
    domain, own = in_punycode(domain), in_punycode(mailbox.domain)
    if ref.is_address:
        return (mailbox.local_part, own) == (local, domain)
    return own == domain or own.endswith(f".{domain}")


def _is_alike(mailbox: Mailbox, ref: IdentityRef) -> bool:
    local, at, domain = ref.name.lower().rpartition("@")
    return (
        bool(at)
        and in_punycode(mailbox.domain) == in_punycode(domain)
        and mailbox.local_part.lower().partition("+")[0] == local
    )


RULE = Rule(
    rule_id="MW104",
    name="from-outside-the-identity",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
