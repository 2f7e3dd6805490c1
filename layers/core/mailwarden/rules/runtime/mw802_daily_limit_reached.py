"""MW802: the default sender has sent all mail of the day, as Cognito reports."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.default_sender import MAILS_A_DAY, mails_from_default_sender, next_reset
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find pools whose calls fail because the default sender has sent all mail of the day.

    ## What it does
    Receives the calls of apps and administrators (`SignUp`, `AdminCreateUser`, …) that failed with
    `LimitExceededException` and the text "Exceeded daily email limit". The text "Attempt limit exceeded" of the same
    error is about one user, and is not counted. The finding is over when the count of the day starts again, at 09:00
    UTC, or when the pool no longer uses the default sender.

    ## Why it matters
    Until then no user of any pool on the default sender gets a code. `ForgotPassword` may even answer success.

    ## Example
    The 51st mail of the day: `SignUp` fails with `LimitExceededException: Exceeded daily email limit for the operation
    or the account. If a higher limit is required, please configure your user pool to use your own Amazon SES
    configuration for sending email.`

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose "Send email
      with Amazon SES" and a verified identity. Move the SES account out of the sandbox first.
    - **CLI:** see the calls that failed:

      ```
      aws cloudtrail lookup-events \
        --lookup-attributes AttributeKey=EventName,AttributeValue=SignUp
      ```

    - **CloudFormation:** set `EmailConfiguration` of the `AWS::Cognito::UserPool` to `EmailSendingAccount: DEVELOPER`
      with a `SourceArn`.
    - **Terraform:** set `email_sending_account = "DEVELOPER"` and `source_arn` in `email_configuration`.

    ## Fix and its safety
    None: the pool's owner chooses the identity.

    ## Known gaps
    No API shows how many of the 50 mails are used, so the limit is known only after a call failed because of it. Other
    pools of the account have the same limit, and each is reported when a call of its own fails. `ForgotPassword` was
    seen to answer success, and such a call is not seen. An event that comes late may be of the day before 09:00 UTC.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
    """
    failures = path.ledger_facts.failures
    if failures is None or failures.at_daily_limit is None or not mails_from_default_sender(path):
        return
    reset = next_reset(failures.at_daily_limit)
    if path.taken_at >= reset:
        return
    until = reset.isoformat(timespec="minutes")
    yield RULE.finding(
        path,
        effect=Effect.LOST,
        message=message("MW802.reached", pool=pool_message(path.pool), limit=MAILS_A_DAY),
        why=message("MW802.why", reset=until),
        remediation=message("MW802.remediation", reset=until),
        evidence={
            "last_call": failures.last_call,
            "failed_at": failures.at_daily_limit.isoformat(timespec="seconds"),
            "until": until,
        },
    )


RULE = Rule(
    rule_id="MW802",
    name="daily-limit-reached",
    link=Link.RUNTIME,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
