"""MW116: a mail template of the pool has no placeholder for the code, the link or the temporary password."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.mail_templates import MailTemplate
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.default_sender import mails_from_default_sender
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose mail has no code, no link or no temporary password in it.

    ## What it does
    Looks at the texts of the pool's mail that are in use: `VerificationMessageTemplate.EmailMessage` must contain
    `{####}`, `EmailMessageByLink` must contain `{##…##}` where the pool verifies by a link, and
    `AdminCreateUserConfig.InviteMessageTemplate.EmailMessage` must contain `{####}` where users have passwords. A text
    that is not set is Cognito's own.

    ## Why it matters
    The mail arrives without the part that the user needs. Users cannot confirm their address or sign in, and no call
    fails.

    ## Example
    `"InviteMessageTemplate": {"EmailMessage": "Welcome, {username}! Sign in with the password that we agreed on."}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Message templates → the message → Edit: put the placeholder
      into the text.
    - **CLI:** none: the AWS CLI has no call that changes a template alone.
    - **CloudFormation:** `VerificationMessageTemplate` and `AdminCreateUserConfig.InviteMessageTemplate` of the
      `AWS::Cognito::UserPool`.
    - **Terraform:** `verification_message_template` and `invite_message_template` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: the owner writes the text, and Mailwarden writes only the `EmailConfiguration` of a pool.

    ## Known gaps
    Cognito refuses to store a verification message without its placeholder today, and accepts an invitation without
    one. A function for `CustomMessage` may write another text: then the finding is *unknown*. So it is for a
    verification message on the default sender, because AWS does not document whether it is used there. An invitation
    counts as *at risk* only, because its users may receive their password another way; where they may sign in without
    one, or where a function writes the text, it is not reported. The message of e-mail MFA is not read.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html
    """
    if path.pool.custom_sender_lambda is not None:
        return
    lacking = path.pool.templates_without_code
    verification = tuple(each.value for each in lacking if each is not MailTemplate.INVITATION)
    if verification:
        yield _finding(path, verification, unknown=_doubt(path))
    elif MailTemplate.INVITATION in lacking and not path.pool.has_custom_message and not path.pool.is_passwordless:
        yield _invitation(path)


def _finding(path: MailPath, members: tuple[str, ...], *, unknown: Message | None) -> Finding:
    return RULE.finding(
        path,
        effect=Effect.LOST if unknown is None else Effect.UNKNOWN,
        message=message("MW116.without", pool=pool_message(path.pool), members=members),
        why=message("MW116.why.verification"),
        remediation=message("MW116.remediation", members=members),
        unknown_reason=unknown,
        evidence={"templates": members},
    )


def _invitation(path: MailPath) -> Finding:
    members = (MailTemplate.INVITATION.value,)
    return RULE.finding(
        path,
        effect=Effect.AT_RISK,
        severity=Severity.MEDIUM,
        message=message("MW116.without", pool=pool_message(path.pool), members=members),
        why=message("MW116.why.invitation"),
        remediation=message("MW116.remediation", members=members),
        evidence={"templates": members},
    )


def _doubt(path: MailPath) -> Message | None:
    """Why the text may not be the one that users receive; None if it is."""
    if path.pool.has_custom_message:
        return message("MW116.trigger")
    return message("MW116.default-sender") if mails_from_default_sender(path) else None


RULE = Rule(
    rule_id="MW116",
    name="message-without-code",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
