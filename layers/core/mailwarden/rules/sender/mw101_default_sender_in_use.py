"""MW101: the pool mails from the default sender, which takes 50 mails a day from the whole account."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.rules.default_sender import mails_from_default_sender
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule

MAILS_A_DAY = 50


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools on the default sender of Cognito, with or without a FROM address of their own.

    ## What it does
    Looks whether `EmailSendingAccount` is `COGNITO_DEFAULT` or absent. There is one finding for the account in each
    region, and it lists the pools.

    ## Why it matters
    The default sender takes 50 mails a day from all pools of the account together. Beyond that `ForgotPassword` and
    `SignUp` still answer success, and users wait for a code that is never sent until 09:00 UTC.

    ## Example
    `"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}`, or `{}` as old pools have it.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose "Send email
      with Amazon SES" and a verified identity. Have the SES account out of the sandbox first.
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration
      EmailSendingAccount=DEVELOPER,SourceArn=…` with every other setting of the pool, because members that are left out
      are reset.
    - **CloudFormation:** set `EmailConfiguration` of the `AWS::Cognito::UserPool` to `EmailSendingAccount: DEVELOPER`
      with a `SourceArn`.
    - **Terraform:** set `email_sending_account = "DEVELOPER"` and `source_arn` in `email_configuration`.

    ## Fix and its safety
    None: which identity the pool is to send as is its owner's choice.

    ## Known gaps
    How many of the 50 mails are used up cannot be read. The finding is an advice, and for a pool that is only tried out
    the default sender is what AWS recommends: turn the rule off in the settings, or the pool with its tag.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
    """
    if not mails_from_default_sender(path):
        return
    pool = path.pool.ref
    yield RULE.finding(
        path,
        subject=SesAccountRef(partition=pool.partition, region=pool.region, account=pool.account),
        effect=Effect.NONE,
        message=f"{pool_words(path.pool)} mails from Cognito's default sender, which takes {MAILS_A_DAY} mails a day "
        f"from the whole account",
        why="beyond them Cognito drops every mail and the calls still answer success",
        remediation="Set EmailSendingAccount of pools in production to DEVELOPER, with a verified identity as "
        "SourceArn",
        evidence={
            "sending_account": path.pool.email.sending_account or "absent",
            "mails_a_day": f"{MAILS_A_DAY} for the account",
        },
    )


RULE = Rule(
    rule_id="MW101",
    name="default-sender-in-use",
    link=Link.SENDER,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    is_note=True,
    check=check,
)
