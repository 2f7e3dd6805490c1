"""MW801: Cognito says of single calls that it could not send the message."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find pools for which Cognito reported failed deliveries a short while ago.

    ## What it does
    Counts the calls of apps and administrators (`SignUp`, `ForgotPassword`, `AdminCreateUser`, …) that failed with
    `InvalidEmailRoleAccessPolicyException` or `CodeDeliveryFailureException`, by a rule and a queue of their own,
    because anybody on the internet can cause them. A pool is looked at because of them at most once in ten minutes.
    The finding is over when none was seen for six hours (`deliveryFailureQuietHours` in the settings). Failures because
    of the default sender's daily limit are reported by MW802 only. Failures that are older than a look with the answer
    *yes* or *at risk* are not reported: their cause was over before their events arrived.

    ## Why it matters
    It is the one word of Cognito itself that messages do not get through. An app's user sees an error in place of the
    request for a code, or waits for one that never comes.

    ## Example
    The sending policy of the identity was deleted: `SignUp` fails with `InvalidEmailRoleAccessPolicyException`.

    ## What to do
    - **Console:** see the other findings about this pool first. If there are none, open the pool's message delivery
      log (Log streaming, User notification) and CloudTrail's event history for the error.
    - **CLI:**

      ```
      aws cloudtrail lookup-events \
        --lookup-attributes AttributeKey=EventName,AttributeValue=SignUp
      ```

    - **CloudFormation:** `AWS::Cognito::LogDeliveryConfiguration` with `userNotification` keeps what Cognito says.
    - **Terraform:** `aws_cognito_log_delivery_configuration` does the same.

    ## Fix and its safety
    None: it tells that messages were lost, the other rules tell why.

    ## Known gaps
    It does not change the verdict: a failed delivery may have been a text message, and it may be over. Calls with an
    access token (`GetUserAttributeVerificationCode`, `UpdateUserAttributes`) do not say which pool they were made for,
    and calls of an app name its client only, which is looked up. Where that is hidden, the call is not counted.
    An event may be delivered twice, so the number is approximate.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
    """
    failures = path.ledger_facts.failures
    if failures is None or path.taken_at - failures.last > path.thresholds.delivery_failures_quiet:
        return
    if failures.last == failures.at_daily_limit or _is_over(path, failures):
        return
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=message("MW801.failures", count=failures.number, pool=pool_message(path.pool)),
        why=message("MW801.why"),
        remediation=message("MW801.remediation"),
        evidence={
            "number": str(failures.number),
            "first": failures.first.isoformat(timespec="seconds"),
            "last": failures.last.isoformat(timespec="seconds"),
            "last_call": failures.last_call,
            "last_error": failures.last_code,
        },
    )


def _is_over(path: MailPath, failures: DeliveryFailures) -> bool:
    """Whether the failures are older than a look that found the path sound, and were not reported until then."""
    look = path.ledger_facts.last_look
    if look is None or look.answer not in {Answer.YES, Answer.AT_RISK} or look.looked_at <= failures.last:
        return False
    return FindingKey(subject_arn=path.pool.ref.arn, rule_id=RULE.rule_id) not in look.findings


RULE = Rule(
    rule_id="MW801",
    name="cognito-reports-delivery-failures",
    link=Link.RUNTIME,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
