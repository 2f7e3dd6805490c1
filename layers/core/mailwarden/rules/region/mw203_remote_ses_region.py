"""MW203: the pool sends through a remote SES region although it could use its own."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import region_answer
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import RegionAnswer, RegionRow
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that send through another SES region although they could use their own.

    ## What it does
    Compares the region in `SourceArn` with the pool's region, if the region table allows both for the pool's sender
    mode.

    ## Why it matters
    Mail works. The addresses of your users leave the region of their pool, which data residency rules may forbid, and
    an outage of the remote region stops sign-up here. This is a note: Mailwarden records it and sends no alert.

    ## Example
    A pool in `ap-northeast-2` with `"SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com"`.

    ## What to do
    - **Console:** verify the identity in the pool's region under Amazon SES → Identities, then choose it under Amazon
      Cognito → User pools → the pool → Authentication methods → Email → Edit.
    - **CLI:** `aws sesv2 create-email-identity --email-identity … --region …`, then
      `make set-sender POOL=… IDENTITY=…` with the new ARN; it changes nothing else of the pool.
    - **CloudFormation:** an `AWS::SES::EmailIdentity` in the pool's stack, and its ARN as `SourceArn`.
    - **Terraform:** an `aws_sesv2_email_identity` in the pool's region, and its ARN as `source_arn`.

    ## Fix and its safety
    None: mail works, and the other region may have been chosen on purpose.

    ## Known gaps
    Mailwarden does not check whether the SES account in the pool's own region is in the sandbox. Check it before you
    move the pool.

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
        message=message("MW203.remote", pool=pool_message(path.pool), ses_region=sender.ref.region, pool_region=own),
        why=message("MW203.why"),
        remediation=message("MW203.remediation", identity=sender.ref.name, pool_region=own),
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
