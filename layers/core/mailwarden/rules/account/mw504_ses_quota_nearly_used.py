"""MW504: the SES account that the pool sends through has nearly used up its 24-hour quota."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import SesAccount, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import account_message, pool_message
from mailwarden.rules.rule import Rule

UNLIMITED = -1


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account has used at least 80 % of its 24-hour sending quota.

    ## What it does
    Compares `SentLast24Hours` with `Max24HourSend` of the SES account in the region of the identity. A quota of -1
    means that the account has no limit.

    ## Why it matters
    When the quota is used up, SES rejects every mail until some of the mails it counts are more than 24 hours old.
    Sign-up and forgotten-password calls fail with `CodeDeliveryFailureException`.

    ## Example
    `"SendQuota": {"Max24HourSend": 50000.0, "SentLast24Hours": 49210.0}`.

    ## What to do
    - **Console:** Service Quotas → Amazon SES → Sending quota → Request increase; and find out what sends that much.
    - **CLI:** `aws sesv2 get-account --region …` shows the figures;
      `aws service-quotas request-service-quota-increase --service-code ses …` requests an increase.
    - **CloudFormation:** there is no resource for it.
    - **Terraform:** an `aws_servicequotas_service_quota` for SES.

    ## Fix and its safety
    None: AWS grants quotas.

    ## Known gaps
    Only `DEVELOPER` pools are checked: the default sender has a quota of 50 mails a day for each account, and no API
    shows how much of it is used. The sending rate per second is not checked.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendQuota.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=account.message)
        elif account.max_24_hour_send == UNLIMITED:
            continue
        elif account.max_24_hour_send <= 0:
            yield RULE.undecided(path, subject=ref, because=message("MW504.no-quota"))
        elif account.sent_last_24_hours >= path.thresholds.quota_share * account.max_24_hour_send:
            yield _finding(path, ref, account)


def _finding(path: MailPath, ref: SesAccountRef, account: SesAccount) -> Finding:
    sent, quota = account.sent_last_24_hours, account.max_24_hour_send
    used_up = sent >= quota
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.LOST if used_up else Effect.AT_RISK,
        severity=None if used_up else Severity.HIGH,
        message=_message(path, ref, account),
        why=message("MW504.why"),
        remediation=message("MW504.remediation", region=ref.region),
        evidence={"sent_last_24_hours": f"{sent:.0f}", "quota": f"{quota:.0f}", "ses_region": ref.region},
    )


def _message(path: MailPath, ref: SesAccountRef, account: SesAccount) -> Message:
    sent, quota = account.sent_last_24_hours, account.max_24_hour_send
    its_account, pool = account_message(ref), pool_message(path.pool)
    mails, limit = f"{sent:.0f}", f"{quota:.0f}"
    if sent >= quota:
        return message("MW504.used-up", account=its_account, sent=mails, quota=limit, pool=pool)
    share = f"{sent / quota:.0%}"
    return message("MW504.nearly", account=its_account, share=share, sent=mails, quota=limit, pool=pool)


RULE = Rule(
    rule_id="MW504",
    name="ses-quota-nearly-used",
    link=Link.ACCOUNT,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetAccount"}),
    check=check,
)
