"""MW109: people sign in with codes by mail, and the pool mails from the default sender."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import MailFactors, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.default_sender import mails_from_default_sender
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools on the default sender whose sign-in depends on mail: a second factor, or a one-time password.

    ## What it does
    Looks for `EmailMfaConfiguration` in the pool's MFA configuration and for `EMAIL_OTP` among the first factors of its
    sign-in policy, where `EmailSendingAccount` is `COGNITO_DEFAULT` or absent.

    ## Why it matters
    AWS asks for SES in your own account where mail is a factor. The default sender takes 50 mails a day from the whole
    account; beyond that nobody who needs a code can sign in, and the call still answers that a code was sent.

    ## Example
    `"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}` with `"EmailConfiguration": {}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose "Send email
      with Amazon SES" and a verified identity; or take mail out of the factors under Sign-in.
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration
      EmailSendingAccount=DEVELOPER,SourceArn=…` with every other setting of the pool.
    - **CloudFormation:** set `EmailConfiguration` of the `AWS::Cognito::UserPool` to `EmailSendingAccount: DEVELOPER`
      with a `SourceArn`.
    - **Terraform:** set `email_sending_account = "DEVELOPER"` and `source_arn` in `email_configuration`.

    ## Fix and its safety
    None: which identity the pool is to send as is its owner's choice.

    ## Known gaps
    Cognito refuses most calls that would bring a pool here. Whether it sends the first 50 codes of a pool that got here
    all the same is not documented, so the finding says *at risk* and not that mail is lost.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-sms-email-message.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    if not mails_from_default_sender(path):
        return
    match path.pool.factors:
        case MailFactors(first_factor=True) | MailFactors(second_factor=True):
            yield _finding(path)
        case MailFactors(second_factor=Unreadable() as refused):
            yield RULE.undecided(path, because=str(refused))
        case MailFactors():
            return


def _finding(path: MailPath) -> Finding:
    factors = path.pool.factors
    needs = [
        *(["one-time passwords by mail"] if factors.first_factor else []),
        *(["mail as a second factor"] if factors.second_factor is True else []),
    ]
    return RULE.finding(
        path,
        effect=Effect.AT_RISK,
        message=f"people sign in to {pool_words(path.pool)} with {' and '.join(needs)}, and it mails from Cognito's "
        "default sender",
        why="the default sender takes 50 mails a day from the whole account, and beyond them nobody can sign in",
        remediation="Set EmailSendingAccount of the pool to DEVELOPER, with a verified identity as SourceArn",
        evidence={
            "sending_account": path.pool.email.sending_account or "absent",
            "mail_is": ", ".join(needs),
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
