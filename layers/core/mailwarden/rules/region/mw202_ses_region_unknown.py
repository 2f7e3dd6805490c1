"""MW202: it is not known whether the pool may use the SES region."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import names_one_of_two_regions, region_answer
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.regions import NoRow, RegionAnswer
from mailwarden.rules.naming import no_row_message, pool_message, region_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools for which the region table gives no certain answer.

    ## What it does
    Reports a pool that uses an identity if the table has no row for the pool's region, if the row is provisional, or if
    the identity is in the pool's own region and AWS's page lists only other regions. SES may have become available in
    the pool's own region after AWS wrote its page.

    ## Why it matters
    AWS does not document whether Cognito sends through that identity. If it does not, users wait for codes that never
    arrive, and no call fails.

    ## Example
    A pool in `ap-southeast-6`, which AWS's page does not list; a pool in `eu-central-2`, listed with `eu-central-1`,
    that uses an identity in `eu-central-2` itself.

    ## What to do
    - **Console:** send yourself a forgotten-password mail from the pool. If it arrives, put the row into Mailwarden's
      settings. If it does not, use a region that AWS's page lists.
    - **CLI:** `aws cognito-idp forgot-password --client-id … --username …` for a test user.
    - **CloudFormation** and **Terraform:** no change until the answer is known.

    ## Fix and its safety
    None: Mailwarden writes nothing while the answer is not known.

    ## Known gaps
    A change of AWS's page has an effect only with a new version of the table.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    sender = path.sender
    if not isinstance(sender, UsesIdentity) or region_answer(path) is not RegionAnswer.UNKNOWN:
        return
    if names_one_of_two_regions(path):
        return
    yield RULE.finding(
        path,
        effect=Effect.UNKNOWN,
        message=message(
            "MW202.not-known",
            pool=pool_message(path.pool),
            ses_region=region_message(sender.ref.region),
            pool_region=path.pool.ref.region,
        ),
        why=message("MW202.why"),
        remediation=message("MW202.remediation", pool_region=path.pool.ref.region),
        evidence={"source_arn": sender.ref.arn, "reason": _reason(path, sender)},
    )


def _reason(path: MailPath, sender: UsesIdentity) -> Message:
    row = path.row
    if isinstance(row, NoRow):
        return no_row_message(row)
    listed = row.regions(sender.use)
    if not listed:
        return message("MW202.no-region-listed", pool_region=row.pool_region)
    if row.provisional:
        return message("MW202.provisional", pool_region=row.pool_region, regions=listed)
    return message("MW202.newer-than-page", pool_region=row.pool_region, regions=listed)


RULE = Rule(
    rule_id="MW202",
    name="ses-region-unknown",
    link=Link.REGION,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
