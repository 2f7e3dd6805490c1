"""MW114: EmailSendingAccount has a value that this version does not know."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose `EmailSendingAccount` is neither `COGNITO_DEFAULT` nor `DEVELOPER`.

    ## What it does
    Compares `EmailSendingAccount` with the two values that AWS documented when this version was made.

    ## Why it matters
    Another value names a sender that Mailwarden does not know: neither which identity and region it needs, nor what
    limits it has. The answer for such a pool is *unknown*, and the rules about senders say nothing else of it.

    ## Example
    `{"EmailSendingAccount": "SES_MANAGED", "SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com"}`.

    ## What to do
    - **Mailwarden:** deploy a newer version, which may know the value.
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email: send a test mail by a
      sign-up of your own.
    - **CLI:** `make set-sender POOL=… IDENTITY=…`, with `FROM=…` for a domain, sets `DEVELOPER`, if that is what you
      want.
    - **CloudFormation:** `EmailConfiguration.EmailSendingAccount` of the `AWS::Cognito::UserPool`.
    - **Terraform:** `email_sending_account` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: the value was chosen, and its effect is not known. Mailwarden never writes such a value; `make set-sender`
    refuses to change anything else beside it.

    ## Known gaps
    A pool with a custom email sender function is not checked: `EmailConfiguration` is not used then.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    value = path.pool.unknown_sender
    if value is None or path.pool.custom_sender_lambda is not None:
        return
    yield RULE.finding(
        path,
        effect=Effect.UNKNOWN,
        message=message("MW114.unknown", pool=pool_message(path.pool), value=value),
        why=message("MW114.why"),
        remediation=message("MW114.remediation"),
        unknown_reason=message("sender.unknown-mode"),
        evidence={"sending_account": value},
    )


RULE = Rule(
    rule_id="MW114",
    name="unknown-sending-account",
    link=Link.SENDER,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
