"""MW701: SES goes on to send to addresses that bounced or complained."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ConfigurationSet, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find DEVELOPER pools whose SES account suppresses no address.

    ## What it does
    Reads `SuppressionAttributes.SuppressedReasons` of the SES account in the region of the identity. Empty means off,
    unless the configuration set of the mail says otherwise for itself.

    ## Why it matters
    Mail works. Each code to an address that does not exist, or whose owner complained, counts against the account
    again, until AWS reviews it and pauses it for all pools.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"SuppressionAttributes": {"SuppressedReasons": []}`, as it is in
    accounts that began with SES before 25 November 2019.

    ## What to do
    - **Console:** Amazon SES → the region → Suppression list → Account-level settings → Edit: bounces and complaints.
    - **CLI:** where the account has no `ValidationAttributes`; else use the console, because AWS does not document
      whether the call keeps them:

      ```
      aws sesv2 --region … \
        put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT
      ```

    - **CloudFormation:** there is no resource for the account; an `AWS::SES::ConfigurationSet` has
      `SuppressionOptions`.
    - **Terraform:** an `aws_sesv2_account_suppression_attributes`.

    ## Fix and its safety
    None: it would stop mail of others in the account to addresses that they may still want to reach. The call replaces
    all suppression attributes, and AWS does not document whether it keeps `ValidationAttributes`, so the write could
    not be limited to what is missing.

    ## Known gaps
    An account that suppresses only one of the two reasons is taken to mean it. Only `DEVELOPER`: on the default sender
    Cognito's own list counts, which nobody else can read.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SuppressionAttributes.html
    """
    if any(
        isinstance(reading, ConfigurationSet) and reading.suppressed_reasons is not None
        for _, reading in used_sets(path)
    ):
        return
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=account.message)
        elif not account.suppressed_reasons:
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.NONE,
                message=message("MW701.suppresses-nothing", region=ref.region, pool=pool_message(path.pool)),
                why=message("feedback.counts-each-time"),
                remediation=message("MW701.remediation", region=ref.region),
                evidence={"suppressed_reasons": message("words.none"), "ses_region": ref.region},
            )


RULE = Rule(
    rule_id="MW701",
    name="account-suppression-off",
    link=Link.FEEDBACK,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset(
        {"cognito-idp:DescribeUserPool", "ses:GetAccount", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}
    ),
    check=check,
)
