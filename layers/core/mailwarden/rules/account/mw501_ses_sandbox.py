"""MW501: the SES account through which the pool sends is in the sandbox."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import YES_OR_NO, account_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find DEVELOPER pools whose SES account is still in the SES sandbox in the region they send from.

    ## What it does
    Reads `ProductionAccessEnabled` of the SES account in the region of the identity. The sandbox is regional: an
    account may have production access in one region and be in the sandbox in another.

    ## Why it matters
    In the sandbox SES sends only to verified recipients. The developer, whose own address is verified, receives the
    codes. Customers do not, and sign-up fails with `CodeDeliveryFailureException`.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"ProductionAccessEnabled": false`.

    ## What to do
    - **Console:** Amazon SES → the region → Account dashboard → Request production access.
    - **CLI:** the call replaces the details of the account, so name all of them:

      ```
      aws sesv2 put-account-details --production-access-enabled \
        --use-case-description … --region … --contact-language EN \
        --mail-type TRANSACTIONAL --website-url … \
        --additional-contact-email-addresses …
      ```

    - **CloudFormation** and **Terraform:** there is no resource for it. AWS responds to the request within about a day.

    ## Fix and its safety
    None: AWS grants production access.

    ## Known gaps
    Only `DEVELOPER` pools are checked. For the default sender with an identity of yours, Cognito's own SES account
    sends, and according to Cognito's guide you can skip this step. According to SES's guide about delegate senders in
    general, neither account may be in the sandbox. Mailwarden follows Cognito's guide. Verified recipients do receive
    mail.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-overview.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=account.message)
        elif not account.production_access:
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.LOST,
                message=message("MW501.sandbox", account=account_message(ref), pool=pool_message(path.pool)),
                why=message("MW501.why"),
                remediation=message("MW501.remediation", region=ref.region),
                evidence={"production_access": YES_OR_NO[account.production_access], "ses_region": ref.region},
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
