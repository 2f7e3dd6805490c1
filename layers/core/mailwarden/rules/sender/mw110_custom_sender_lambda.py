"""MW110: a Lambda function receives every mail of the pool, so the rest of the mail path is not used."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that pass every mail to a custom email sender function.

    ## What it does
    Checks for `LambdaConfig.CustomEmailSender`. If it is set, Cognito sends nothing itself, and Mailwarden does not
    check the identity, the policies and the SES account of the pool.

    ## Why it matters
    The function, and the service that it sends through, decide whether users receive their codes, so the answer is
    *unknown*. If Cognito cannot pass the mail to the function, MW113 reports it, and the answer is *no*. This is a
    note: Mailwarden records it and sends no alert.

    ## Example
    `"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:…:function:mailer"}}`.

    ## What to do
    - **Console:** no action is required. Watch the errors of the function under Lambda → the function → Monitor.
    - **CLI:** `aws cloudwatch get-metric-statistics --namespace AWS/Lambda …` shows them.
    - **CloudFormation:** an `AWS::CloudWatch::Alarm` on the function's `Errors` shows when it stops sending.
    - **Terraform:** the same with an `aws_cloudwatch_metric_alarm`.

    ## Fix and its safety
    None: this is not a fault.

    ## Known gaps
    Mailwarden checks that Cognito can invoke the function and use its KMS key (MW113), not what the function does.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
    """
    function = path.pool.custom_sender_lambda
    if function is None:
        return
    yield RULE.finding(
        path,
        effect=Effect.UNKNOWN,
        message=message("MW110.custom-sender", pool=pool_message(path.pool)),
        why=message("MW110.why"),
        remediation=message("MW110.remediation"),
        unknown_reason=message("MW110.only-the-function"),
        evidence={"function": function},
    )


RULE = Rule(
    rule_id="MW110",
    name="custom-sender-lambda",
    link=Link.SENDER,
    severity=Severity.LOW,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
    is_note=True,
)
