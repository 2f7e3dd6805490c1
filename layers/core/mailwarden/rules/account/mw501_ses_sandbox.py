"""MW501: the SES account through which the pool sends is in the sandbox."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account is still in the sandbox in the region they send from.

    ## What it does
    Reads `ProductionAccessEnabled` of the SES account in the region of the identity. The sandbox is regional: an
    account may be out of it in one region and in it in another.

    ## Why it matters
    In the sandbox SES takes mail only to verified recipients. The developer, whose own address is verified, receives
    the codes; customers do not, and sign-up fails with `CodeDeliveryFailureException`.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"ProductionAccessEnabled": false`.

    ## What to do
    - **Console:** Amazon SES → the region → Account dashboard → Request production access.
    - **CLI:** `aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url …
      --use-case-description … --region …`.
    - **CloudFormation** and **Terraform:** there is no resource for it; AWS answers the request within about a day.

    ## Fix and its safety
    None: AWS decides about it.

    ## Known gaps
    Only `DEVELOPER` is judged. On the default sender with an identity of yours Cognito's own SES account sends, and
    Cognito's guide says to skip this step; SES's guide says of delegate senders in general that both accounts have to
    be out of the sandbox. We follow the page that is about Cognito. Recipients that are verified do receive mail.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-overview.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=str(account))
        elif not account.production_access:
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.LOST,
                message=f"the SES account in {ref.region} is in the sandbox, and {pool_words(path.pool)} sends "
                "through it",
                why="in the sandbox SES takes mail only to verified recipients, so customers receive nothing",
                remediation=f"Request production access for SES in {ref.region}",
                evidence={"production_access": "no", "ses_region": ref.region},
            )


RULE = Rule(
    rule_id="MW501",
    name="ses-sandbox",
    link=Link.ACCOUNT,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetAccount"}),
    check=check,
)
