"""MW203: the pool mails through a remote SES region although it could use its own."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import region_answer
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.regions import RegionAnswer, RegionRow
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Note pools whose mail leaves through another SES region than their own, where their own is possible.

    ## What it does
    Compares the region in `SourceArn` with the pool's, where the region table allows both for the pool's sender mode.

    ## Why it matters
    Mail works. The addresses of your users leave the region in which their pool is, which residency rules may forbid,
    and an outage of the remote region stops sign-up here. It is a note: it stands in reports and alerts nobody.

    ## Example
    A pool in `ap-northeast-2` with `"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com"`.

    ## What to do
    - **Console:** verify the identity in the pool's region under Amazon SES → Identities, then choose it under Amazon
      Cognito → User pools → the pool → Authentication methods → Email → Edit.
    - **CLI:** `aws sesv2 create-email-identity --email-identity … --region …`, then `aws cognito-idp update-user-pool`
      with the new ARN and every other setting of the pool.
    - **CloudFormation:** an `AWS::SES::EmailIdentity` in the pool's stack, and its ARN as `SourceArn`.
    - **Terraform:** an `aws_sesv2_email_identity` in the pool's region, and its ARN as `source_arn`.

    ## Fix and its safety
    None: mail works, and whether the other region was chosen on purpose cannot be known.

    ## Known gaps
    Whether the SES account in the pool's own region is out of the sandbox is not looked at; see to it before you move.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    sender, row, own = path.sender, path.row, path.pool.ref.region
    if not isinstance(sender, UsesIdentity) or not isinstance(row, RegionRow) or sender.ref.region in {own, "*"}:
        return
    if region_answer(path) is not RegionAnswer.ALLOWED or row.answer(sender.use, own) is not RegionAnswer.ALLOWED:
        return
    yield RULE.finding(
        path,
        effect=Effect.NONE,
        message=f"{pool_words(path.pool)} mails through SES region {sender.ref.region}, and {own} is possible",
        why="addresses of users leave the pool's region, and an outage elsewhere stops mail here",
        remediation=f"Verify {sender.ref.name} in {own} and set SourceArn of the pool to it, if the pool's own "
        "region is "
        "preferred",
        evidence={"source_arn": sender.ref.arn, "pool_region": own},
    )


RULE = Rule(
    rule_id="MW203",
    name="remote-ses-region",
    link=Link.REGION,
    severity=Severity.LOW,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
    is_note=True,
)
