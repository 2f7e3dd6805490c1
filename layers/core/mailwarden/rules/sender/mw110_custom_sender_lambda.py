"""MW110: a Lambda function takes every mail of the pool, so the rest of the path is not its path."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Note pools that hand every mail to a custom e-mail sender function.

    ## What it does
    Looks for `LambdaConfig.CustomEmailSender`. Where there is one, Cognito sends nothing itself, and identity, policies
    and SES account in the pool's configuration are not judged.

    ## Why it matters
    Whether users receive their codes is decided by the function and by what it sends through. Mailwarden's *yes* then
    means no more than that Cognito hands the mail over. It is a note: it stands in reports and alerts nobody.

    ## Example
    `"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:…:function:mailer"}}`.

    ## What to do
    - **Console:** nothing has to be done. Watch the errors of the function under Lambda → the function → Monitor.
    - **CLI:** `aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors …` shows them.
    - **CloudFormation:** an `AWS::CloudWatch::Alarm` on the function's `Errors` says when it stops to send.
    - **Terraform:** the same with an `aws_cloudwatch_metric_alarm`.

    ## Fix and its safety
    None: there is nothing wrong.

    ## Known gaps
    Neither the function nor its permissions nor its key are looked at.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
    """
    function = path.pool.custom_sender_lambda
    if function is None:
        return
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=f"{pool_words(path.pool)} hands every mail to a custom e-mail sender function",
        why="Cognito sends nothing itself, so only the function decides whether mail gets through",
        remediation="Watch the errors of the function",
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
