"""MW502: sending is paused or switched off for the SES account that the pool sends through."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Enforcement, SesAccount, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Argument, message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import YES_OR_NO, account_message, pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account cannot send: AWS paused it, or its owner switched sending off.

    ## What it does
    Reads `EnforcementStatus` and `SendingEnabled` of the SES account in the region of the identity. `SHUTDOWN` means
    that AWS paused it.

    ## Why it matters
    SES accepts no mail in that region. Sign-up and forgotten-password calls fail with
    `CodeDeliveryFailureException`, and users cannot get in.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"EnforcementStatus": "SHUTDOWN"`, or `"SendingEnabled": false`
    after `aws ses update-account-sending-enabled --no-enabled`.

    ## What to do
    - **Console:** if AWS paused it: Amazon SES → the region → Reputation metrics, then respond to the open AWS Support
      case. If sending is switched off: switch it on with the CLI, because the console has no switch.
    - **CLI:** `aws sesv2 put-account-sending-attributes --sending-enabled --region …`. It does not lift a pause by AWS.
    - **CloudFormation** and **Terraform:** there is no resource for it.

    ## Fix and its safety
    None: only AWS can lift its pause, and sending may have been switched off for a reason.

    ## Known gaps
    Only `DEVELOPER` pools are checked: for the default sender, Cognito's own SES account sends.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=account.message)
            continue
        evidence: dict[str, Argument] = {
            "enforcement_status": account.enforcement.value,
            "sending_enabled": YES_OR_NO[account.sending_enabled],
            "ses_region": ref.region,
        }
        if _is_paused(account):
            by_aws = account.enforcement is Enforcement.SHUTDOWN
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.LOST,
                message=message(
                    "MW502.paused" if by_aws else "MW502.off",
                    account=account_message(ref),
                    pool=pool_message(path.pool),
                ),
                why=message("MW502.why"),
                remediation=message(
                    "MW502.remediation.paused" if by_aws else "MW502.remediation.off", region=ref.region
                ),
                evidence=evidence,
            )
        elif account.enforcement is Enforcement.UNKNOWN:
            yield RULE.undecided(path, subject=ref, because=message("MW502.status-not-documented"))


def _is_paused(account: SesAccount) -> bool:
    return account.enforcement is Enforcement.SHUTDOWN or not account.sending_enabled


RULE = Rule(
    rule_id="MW502",
    name="sending-paused",
    link=Link.ACCOUNT,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetAccount"}),
    check=check,
)
