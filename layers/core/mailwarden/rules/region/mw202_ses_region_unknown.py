"""MW202: whether the pool may use the SES region is not known."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import names_one_of_two_regions, region_answer
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.regions import NoRow, RegionAnswer
from mailwarden.rules.naming import pool_words, region_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools for which the region table has no certain answer.

    ## What it does
    Reports a pool that uses an identity where the table has no row for the pool's region, where the row is provisional,
    and where SES came to the pool's own region after AWS's page was written.

    ## Why it matters
    Nobody can say from AWS's documentation whether Cognito sends through that identity. If it does not, users wait for
    codes that never come, and nothing fails visibly.

    ## Example
    A pool in `ap-southeast-6`, which AWS's page does not list; a pool in `eu-central-2`, listed with `eu-central-1`,
    that uses an identity in `eu-central-2` itself.

    ## What to do
    - **Console:** send yourself a forgotten-password mail from the pool. If it arrives, put the row into Mailwarden's
      settings; if not, use a region that the page lists.
    - **CLI:** `aws cognito-idp forgot-password --client-id … --username …` for a test user.
    - **CloudFormation** and **Terraform:** nothing to change until it is known.

    ## Fix and its safety
    None: on what is not known nothing is written.

    ## Known gaps
    That AWS's page changed is noticed only with a new version of the table.

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
        message=f"{pool_words(path.pool)} uses an identity in {region_words(sender.ref.region)}, and whether pools in "
        f"{path.pool.ref.region} may use that is not known",
        why="AWS's page does not say whether Cognito sends through that region for this pool",
        remediation="Send yourself a forgotten-password mail from the pool; if it arrives, put the row of "
        f"{path.pool.ref.region} into Mailwarden's settings",
        evidence={"source_arn": sender.ref.arn, "reason": _reason(path, sender)},
    )


def _reason(path: MailPath, sender: UsesIdentity) -> str:
    row = path.row
    if isinstance(row, NoRow):
        return row.reason
    listed = ", ".join(row.regions(sender.use)) or "no region"
    if row.provisional:
        return f"the row of {row.pool_region} is provisional; it lists {listed}"
    return f"the page lists {listed}, but SES came to {row.pool_region} after it was written"


RULE = Rule(
    rule_id="MW202",
    name="ses-region-unknown",
    link=Link.REGION,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
