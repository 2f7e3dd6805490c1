"""MW102: the pool is to send as an identity and names none."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, MalformedSource
from mailwarden.domain.readings import SenderMode
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose SourceArn is needed and absent, or is not the ARN of an SES identity.

    ## What it does
    Reads `EmailSendingAccount` and `SourceArn`. `DEVELOPER` needs the ARN of an SES identity; whatever stands in
    `SourceArn`, in either mode, must be the ARN of one.

    ## Why it matters
    Cognito has no address to send from. Sign-up and forgotten-password calls fail with
    `InvalidEmailRoleAccessPolicyException`, or users wait for a code that is never sent.

    ## Example
    `{"EmailSendingAccount": "DEVELOPER"}`, or `{"EmailSendingAccount": "DEVELOPER", "SourceArn":
    "arn:aws:ses:us-east-1:111122223333:configuration-set/mail"}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: choose the identity
      under "FROM email address".
    - **CLI:** `aws cognito-idp update-user-pool --user-pool-id … --email-configuration
      EmailSendingAccount=DEVELOPER,SourceArn=arn:aws:ses:…:identity/…` with every other setting of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `source_arn` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    None: which identity was meant cannot be known.

    ## Known gaps
    What Cognito does on the default sender with a SourceArn that is no identity is not documented: then the finding
    says *unknown*.

    ## References
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    source = path.sender
    if not isinstance(source, MalformedSource):
        return
    developer = path.pool.email.mode is SenderMode.DEVELOPER
    what = "no SourceArn" if not source.source_arn else "a SourceArn that is not the ARN of an SES identity"
    yield RULE.finding(
        path,
        effect=Effect.LOST if developer else Effect.UNKNOWN,
        message=f"{pool_words(path.pool)} is on {path.pool.email.mode} and has {what}",
        why="Cognito has no identity to send from"
        if developer
        else "what the default sender does with such a SourceArn is not documented",
        remediation="Set SourceArn of the pool to arn:"
        f"{path.pool.ref.partition}:ses:REGION:{path.pool.ref.account}:identity/NAME of a verified identity",
        evidence={"source_arn": source.source_arn or "absent", "reason": source.reason},
    )


RULE = Rule(
    rule_id="MW102",
    name="developer-without-identity",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
