"""MW502: the SES account through which the pool sends does not send."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Enforcement, SesAccount, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account does not send: paused by AWS, or switched off by its owner.

    ## What it does
    Reads `EnforcementStatus` and `SendingEnabled` of the SES account in the region of the identity. `SHUTDOWN` means
    that AWS paused it.

    ## Why it matters
    SES takes no mail at all in that region. Sign-up and forgotten-password calls fail with
    `CodeDeliveryFailureException`, and users cannot get in.

    ## Example
    `aws sesv2 get-account --region eu-west-1` answers `"EnforcementStatus": "SHUTDOWN"`, or `"SendingEnabled": false`
    after `aws ses update-account-sending-enabled --no-enabled`.

    ## What to do
    - **Console:** paused by AWS: Amazon SES → the region → Reputation metrics, then answer the open AWS Support case.
      Switched off: switch it on with the CLI, because the console has no switch.
    - **CLI:** `aws sesv2 put-account-sending-attributes --sending-enabled --region …`. It does not lift a pause by AWS.
    - **CloudFormation** and **Terraform:** there is no resource for it.

    ## Fix and its safety
    None: only AWS lifts its pause, and who switched sending off had a reason.

    ## Known gaps
    Only `DEVELOPER` is judged: on the default sender Cognito's own SES account sends.

    ## References
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=str(account))
            continue
        evidence = {
            "enforcement_status": account.enforcement.value,
            "sending_enabled": "yes" if account.sending_enabled else "no",
            "ses_region": ref.region,
        }
        if _is_paused(account):
            by_aws = account.enforcement is Enforcement.SHUTDOWN
            yield RULE.finding(
                path,
                subject=ref,
                effect=Effect.LOST,
                message=f"the SES account in {ref.region} {_words(account)}, and {pool_words(path.pool)} sends "
                "through it",
                why="SES takes no mail from an account that is paused or switched off",
                remediation=f"Answer the AWS Support case about the pause of SES in {ref.region}"
                if by_aws
                else f"Run aws sesv2 put-account-sending-attributes --sending-enabled --region {ref.region}",
                evidence=evidence,
            )
        elif account.enforcement is Enforcement.UNKNOWN:
            yield RULE.undecided(path, subject=ref, because="SES reports an enforcement status that is not documented")


def _words(account: SesAccount) -> str:
    return "is paused by AWS" if account.enforcement is Enforcement.SHUTDOWN else "has sending switched off"


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
