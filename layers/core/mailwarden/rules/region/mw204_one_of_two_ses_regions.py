"""MW204: the pool's mail leaves through two SES regions, but SourceArn names only one of them."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import names_one_of_two_regions
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import RegionRow
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find default-sender pools of an alternate region that name one SES region where AWS's page requires two.

    ## What it does
    Checks whether `SourceArn` has one of the two listed regions where it must have `*`. For pools of alternate regions
    the default sender splits mail between two SES regions, and the identity and its policy must exist in both.

    ## Why it matters
    Half of the mail, or all of it, may be lost. Some users receive their codes and some do not, without a visible
    pattern.

    ## Example
    A pool in `me-central-1` on the default sender with `"SourceArn":
    "arn:aws:ses:eu-central-1:111122223333:identity/support@example.com"` instead of `arn:aws:ses:*:…`.

    ## What to do
    - **Console:** the console cannot write `*`; use the CLI. Verify the identity in both regions first.
    - **CLI:** `aws sesv2 create-email-identity-policy` in both regions, then

      ```
      make set-sender \
        POOL=… DEFAULT=yes \
        IDENTITY=arn:aws:ses:*:111122223333:identity/support@example.com
      ```

      It changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.SourceArn` of the `AWS::Cognito::UserPool` to the ARN with `*`.
    - **Terraform:** set `source_arn` in `email_configuration` to the ARN with `*`.

    ## Fix and its safety
    None: the identity must be verified in both regions first, and only its owner can do that.

    ## Known gaps
    AWS does not document whether Cognito accepts a single region, so the finding is *unknown*. MW401 reports a policy
    that is missing in one of the regions once the ARN has its `*`.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    sender, row = path.sender, path.row
    if not isinstance(sender, UsesIdentity) or not isinstance(row, RegionRow) or not names_one_of_two_regions(path):
        return
    regions = row.regions(sender.use)
    needed = f"arn:{sender.ref.partition}:ses:*:{sender.ref.account}:identity/{sender.ref.name}"
    yield RULE.finding(
        path,
        effect=Effect.UNKNOWN,
        message=message(
            "MW204.one-of-two", pool=pool_message(path.pool), ses_region=sender.ref.region, regions=regions
        ),
        why=message("MW204.why"),
        remediation=message(
            "MW204.remediation", identity=sender.ref.name, regions=regions, principal=row.principal, arn=needed
        ),
        evidence={"source_arn": sender.ref.arn, "regions_needed": regions},
    )


RULE = Rule(
    rule_id="MW204",
    name="one-of-two-ses-regions",
    link=Link.REGION,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
