"""MW109: sign-in needs codes by email, and the pool sends from the default sender."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import MailFactors, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.default_sender import MAILS_A_DAY, mails_from_default_sender
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools on the default sender whose sign-in depends on email: a second factor, or a one-time password.

    ## What it does
    Looks for `EmailMfaConfiguration` in the pool's MFA configuration and for `EMAIL_OTP` among the first factors of its
    sign-in policy, where `EmailSendingAccount` is `COGNITO_DEFAULT` or absent.

    ## Why it matters
    AWS requires SES in your own account if email is a sign-in factor. The default sender accepts 50 mails a day for the
    whole account. Beyond that limit users who need a code cannot sign in, although the call reports that a code was
    sent.

    ## Example
    `"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}` with `"EmailConfiguration": {}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose "Send email
      with Amazon SES" and a verified identity; or remove email from the factors under Sign-in.
    - **CLI:** `make set-sender POOL=… IDENTITY=…`, with `FROM=…` for a domain; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration` of the `AWS::Cognito::UserPool` to `EmailSendingAccount: DEVELOPER`
      with a `SourceArn`.
    - **Terraform:** set `email_sending_account = "DEVELOPER"` and `source_arn` in `email_configuration`.

    ## Fix and its safety
    None: the pool's owner chooses the identity.

    ## Known gaps
    Cognito rejects most calls that would create this configuration. AWS does not document whether a pool that has it
    anyway still sends the first 50 codes, so the finding is *at risk*, not *lost*.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-sms-email-message.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    if not mails_from_default_sender(path):
        return
    match path.pool.factors:
        case MailFactors(first_factor=True) | MailFactors(second_factor=True):
            yield _finding(path)
        case MailFactors(second_factor=Unreadable() as refused) | MailFactors(first_factor=Unreadable() as refused):
            yield RULE.undecided(path, because=refused.message)
        case MailFactors():
            return


def _finding(path: MailPath) -> Finding:
    factors = path.pool.factors
    needed = (
        *((message("MW109.first-factor"),) if factors.first_factor is True else ()),
        *((message("MW109.second-factor"),) if factors.second_factor is True else ()),
    )
    return RULE.finding(
        path,
        effect=Effect.AT_RISK,
        message=message("MW109.needed", pool=pool_message(path.pool), factors=needed),
        why=message("MW109.why", limit=MAILS_A_DAY),
        remediation=message("MW109.remediation"),
        evidence={
            "sending_account": path.pool.email.sending_account or message("words.absent"),
            "mail_is": message("words.and", values=needed),
        },
    )


RULE = Rule(
    rule_id="MW109",
    name="mail-factors-on-the-default-sender",
    link=Link.SENDER,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig"}),
    check=check,
)
