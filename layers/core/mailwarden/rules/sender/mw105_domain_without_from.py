"""MW105: the pool sends as a domain and does not say from which address."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.from_header import configured_from
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose identity is a domain and whose FROM is not set.

    ## What it does
    Looks whether `SourceArn` names a domain while `From` is absent. An address identity needs no `From`. On the default
    sender, to which Cognito gives no `From`, the finding says that nobody can tell from which address it sends.

    ## Why it matters
    Cognito has no address to put into the mail. Sign-up and forgotten-password calls fail, or users wait for a code
    that is never sent.

    ## Example
    `{"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com"}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: fill in "FROM sender
      name".
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration …,From=no-reply@example.com`
      with every other setting of the pool.
    - **CloudFormation:** set `EmailConfiguration.From` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `from_email_address` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: which address of the domain was meant cannot be known.

    ## Known gaps
    The page asks for `From` with a domain, and Cognito refuses `From` on the default sender. What it then does is not
    documented: mail may be lost or come from Cognito's own address, so that the verdict is unknown.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    sender = path.sender
    if not isinstance(sender, UsesIdentity) or is_foreign(path):
        return
    if sender.ref.is_address or configured_from(path.pool.email, sender.ref) is not None:
        return
    match sender.use:
        case SenderUse.DEVELOPER:
            yield _lost(path, sender.ref)
        case SenderUse.DEFAULT_CUSTOM_FROM:
            because = f"from which address the default sender mails for the domain {sender.ref.name} is not documented"
            remediation = (
                f"Set SourceArn to a verified address of {sender.ref.name}, or let the pool send with SES itself"
            )
            yield RULE.undecided(path, because=because, remediation=remediation)


def _lost(path: MailPath, ref: IdentityRef) -> Finding:
    return RULE.finding(
        path,
        effect=Effect.LOST,
        message=f"{pool_words(path.pool)} sends as the domain {ref.name} and has no FROM address",
        why="a domain is not an address, so Cognito has nothing to put into the From header",
        remediation=f"Set From of the pool to an address in {ref.name}, such as no-reply@{ref.name}",
        evidence={"source_arn": ref.arn, "from": "absent"},
    )


RULE = Rule(
    rule_id="MW105",
    name="domain-without-from",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
