"""MW504: the SES account through which the pool sends has nearly used up its quota of the day."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import SesAccount, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule

UNLIMITED = -1


def check(path: MailPath) -> Iterator[Finding]:
    """Find DEVELOPER pools whose SES account has used 80 % of its sending quota of 24 hours, or all of it.

    ## What it does
    Compares `SentLast24Hours` with `Max24HourSend` of the SES account in the region of the identity. A quota of -1
    means that there is none.

    ## Why it matters
    Once the quota is used up SES refuses every mail until some of the last 24 hours' mails are older than that. Sign-up
    and forgotten-password calls fail with `CodeDeliveryFailureException`.

    ## Example
    `"SendQuota": {"Max24HourSend": 50000.0, "SentLast24Hours": 49210.0}`.

    ## What to do
    - **Console:** Service Quotas → Amazon SES → Sending quota → Request increase; and find out who sends that much.
    - **CLI:** `aws sesv2 get-account --region …` shows the figures; `aws service-quotas request-service-quota-increase
      --service-code ses …` asks for more.
    - **CloudFormation:** there is no resource for it.
    - **Terraform:** an `aws_servicequotas_service_quota` for SES.

    ## Fix and its safety
    None: AWS grants quotas.

    ## Known gaps
    Only `DEVELOPER` is judged: the default sender has a quota of 50 mails a day for each account, which cannot be read.
    The sending rate per second is not judged.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendQuota.html
    """
    for ref, account in sending_accounts(path):
        if isinstance(account, Unreadable):
            yield RULE.undecided(path, subject=ref, because=str(account))
        elif account.max_24_hour_send == UNLIMITED:
            continue
        elif account.max_24_hour_send <= 0:
            yield RULE.undecided(path, subject=ref, because="SES reports no quota for 24 hours")
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
        message=f"the SES account in {ref.region} has used {'all' if used_up else f'{sent / quota:.0%}'} of its quota "
        f"of 24 hours, and {pool_words(path.pool)} sends through it",
        why="SES refuses every mail beyond the quota",
        remediation=f"Request a higher sending quota for SES in {ref.region}, or send less through it",
        evidence={"sent_last_24_hours": f"{sent:.0f}", "quota": f"{quota:.0f}", "ses_region": ref.region},
    )


RULE = Rule(
    rule_id="MW504",
    name="ses-quota-nearly-used",
    link=Link.ACCOUNT,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetAccount"}),
    check=check,
)
