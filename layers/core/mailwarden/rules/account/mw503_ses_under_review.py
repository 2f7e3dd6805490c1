"""MW503: AWS is reviewing the SES account that the pool sends through."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Enforcement, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import account_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account is under review.

    ## What it does
    Reads `EnforcementStatus` of the SES account in the region of the identity. `PROBATION` means under review.

    ## Why it matters
    Mail is delivered now. If you do not solve the problem in time, AWS pauses the account, and then users receive no
    codes.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"EnforcementStatus": "PROBATION"` after a bounce rate above 5 %.

    ## What to do
    - **Console:** Amazon SES → the region → Reputation metrics, and AWS Support → the open case: find the cause, remove
      it, and respond to the case.
    - **CLI:** `aws sesv2 get-account --region …` shows the case under `Details.ReviewDetails`.
    - **CloudFormation** and **Terraform:** there is no resource for it.

    ## Fix and its safety
    None: AWS ends the review.

    ## Known gaps
    Only `DEVELOPER` pools are checked: for the default sender, Cognito's own SES account sends.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=account.message)
        elif account.enforcement is Enforcement.PROBATION:
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.AT_RISK,
                message=message("MW503.under-review", account=account_message(ref), pool=pool_message(path.pool)),
                why=message("MW503.why"),
                remediation=message("MW503.remediation", region=ref.region),
                evidence={"enforcement_status": account.enforcement.value, "ses_region": ref.region},
            )


RULE = Rule(
    rule_id="MW503",
    name="ses-under-review",
    link=Link.ACCOUNT,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetAccount"}),
    check=check,
)
