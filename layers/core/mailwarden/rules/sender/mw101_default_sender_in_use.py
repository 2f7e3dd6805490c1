"""MW101: the pool sends from the default sender, which accepts 50 mails a day for the whole account."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.message import message
from mailwarden.rules.default_sender import MAILS_A_DAY, mails_from_default_sender
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that send from Cognito's default sender, with or without a FROM address of their own.

    ## What it does
    Checks whether `EmailSendingAccount` is `COGNITO_DEFAULT` or absent. There is one finding per account and region,
    and it lists the pools.

    ## Why it matters
    The default sender accepts 50 mails a day for all pools of the account together. Beyond that limit Cognito sends
    nothing until the count starts again at 09:00 UTC. Users have reported that calls such as `SignUp` and
    `AdminCreateUser` then fail with `LimitExceededException` ("Exceeded daily email limit"), and that `ForgotPassword`
    answers success. MW802 reports such a failure.

    ## Example
    `"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}`, or `{}`, which old pools have.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose "Send email
      with Amazon SES" and a verified identity. Move the SES account out of the sandbox first.
    - **CLI:** `make set-sender POOL=… IDENTITY=…`, with `FROM=…` for a domain. It changes nothing else of the pool,
      where the AWS CLI has only `UpdateUserPool`, which resets every member that is left out.
    - **CloudFormation:** set `EmailConfiguration` of the `AWS::Cognito::UserPool` to `EmailSendingAccount: DEVELOPER`
      with a `SourceArn`.
    - **Terraform:** set `email_sending_account = "DEVELOPER"` and `source_arn` in `email_configuration`.

    ## Fix and its safety
    None: the pool's owner chooses the identity.

    ## Known gaps
    No API shows how many of the 50 mails are used. This finding is advice: AWS recommends the default sender for
    pools that are not in production. To silence it, turn this rule off in the settings. The exemption tag of a pool
    silences every rule for that pool.

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
        message=message("MW101.in-use", pool=pool_message(path.pool), limit=MAILS_A_DAY),
        why=message("MW101.why"),
        remediation=message("MW101.remediation"),
        evidence={
            "sending_account": path.pool.email.sending_account or message("words.absent"),
            "mails_a_day": message("MW101.limit", limit=MAILS_A_DAY),
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
