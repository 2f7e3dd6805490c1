"""MW102: the pool must send as an SES identity, and SourceArn names none."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, MalformedSource, UsesIdentity, sender_of
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import SenderMode
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

_STRAY = re.compile(r"\s")


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose SourceArn is needed and absent, or is not the ARN of an SES identity.

    ## What it does
    Reads `EmailSendingAccount` and `SourceArn`. `DEVELOPER` requires a `SourceArn`. In either mode, a `SourceArn` must
    be the ARN of an SES identity: a space, a slash or a last dot in the name of the identity makes it another text.

    ## Why it matters
    Cognito has no address to send from. Sign-up and forgotten-password calls fail with
    `InvalidEmailRoleAccessPolicyException`, or users wait for a code that is never sent.

    ## Example
    `{"EmailSendingAccount": "DEVELOPER"}`, or `{"EmailSendingAccount": "DEVELOPER", "SourceArn":
    "arn:aws:ses:us-east-1:111122223333:configuration-set/mail"}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose the identity
      under "FROM email address".
    - **CLI:** `make set-sender POOL=… IDENTITY=…`, with `FROM=…` for a domain; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `source_arn` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: Mailwarden cannot know which identity was intended.

    ## Known gaps
    AWS does not document what the default sender does with a SourceArn that is not an SES identity. In that case the
    finding is *unknown*.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    source = path.sender
    if not isinstance(source, MalformedSource):
        return
    developer = path.pool.email.mode is SenderMode.DEVELOPER
    meant = _meant(path, source)
    yield RULE.finding(
        path,
        effect=Effect.LOST if developer else Effect.UNKNOWN,
        message=message(
            "MW102.malformed" if source.source_arn else "MW102.absent",
            pool=pool_message(path.pool),
            mode=path.pool.email.mode,
        ),
        why=message("MW102.why.developer") if developer else message("MW102.why.default-sender"),
        remediation=message("MW102.remediation", partition=path.pool.ref.partition, account=path.pool.ref.account)
        if meant is None
        else message("MW102.remediation.meant", arn=meant),
        evidence={"source_arn": source.source_arn or message("words.absent")},
    )


def _meant(path: MailPath, source: MalformedSource) -> str | None:
    """The ARN without what SES cannot have in it, such as a space at its end; None if that names no identity either."""
    text = _STRAY.sub("", source.source_arn).rstrip("./")
    email = replace(path.pool.email, source_arn=text)
    sender = sender_of(email, custom_sender_lambda=path.pool.custom_sender_lambda)
    return text if text != source.source_arn and isinstance(sender, UsesIdentity) else None


RULE = Rule(
    rule_id="MW102",
    name="developer-without-identity",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
