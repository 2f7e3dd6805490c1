"""MW707: SES itself said that it stopped something, or advises to change something."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Enforcement, SesAccount, SesAccountReading
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.domain.reputation.feedback import NoticeKind, SesNotice
from mailwarden.message import Argument, Message, message
from mailwarden.rules.account.own_account import sending_accounts
from mailwarden.rules.feedback.rates import sending_feedback
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule
from mailwarden.rules.used_sets import used_sets

_SHOWN = 3
_SHOWS_WITHIN = timedelta(hours=6)


# Kinds of resources that a notice may be about; any other is shown by its ARN.
_RESOURCES = frozenset({"identity", "configuration-set", "tenant"})


def check(path: MailPath) -> Iterator[Finding]:
    """Find SES accounts that pools send through and about which a word of SES stands.

    ## What it does
    Keeps the events that SES sends by itself: `Sending Status Disabled`, until `Sending Status Enabled` follows, and
    `Advisor Recommendation Status Open`, until it is resolved or closed; after 30 days they are forgotten. A pause of
    the whole account is read from SES and told by MW502. This rule tells the rest: an identity, a configuration set or
    a tenant that SES stopped, and what it advises. One that names nothing and does not show in the account within six
    hours is over.

    ## Why it matters
    They come before a pause, or are one that no other call shows. An app's user notices nothing until codes stay away.

    ## Example
    `{"source": "aws.ses", "detail-type": "Advisor Recommendation Status Open", "resources":
    ["arn:aws:ses:eu-west-1:111122223333:identity/example.com"], …}`

    ## What to do
    - **Console:** Amazon SES → the region → Virtual deliverability manager → Advisor, or Tenants; answer an open AWS
      Support case.
    - **CLI:** `aws sesv2 list-recommendations --filter STATUS=OPEN --region …`; for a tenant
      `aws sesv2 get-reputation-entity --reputation-entity-type RESOURCE …`.
    - **CloudFormation** and **Terraform:** change the identity or the configuration set that the notice names.

    ## Fix and its safety
    None: SES asks its owner to decide.

    ## Known gaps
    The events are delivered with best effort, and their contents are hardly documented: what they name and say is shown
    as it came. One that says a matter is settled may be lost; then the finding stays for 30 days. Cognito cannot send
    through a tenant, so what is said of one does not concern the pool's mail.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/tenants.html
    - https://docs.aws.amazon.com/ses/latest/dg/vdm-advisor.html
    """
    accounts = dict(sending_accounts(path))
    for ref, feedback in sending_feedback(path):
        open_notices = [notice for notice in feedback.notices if notice.stands_at(path.taken_at)]
        told = [notice for notice in open_notices if not _is_settled(notice, accounts.get(ref), path.taken_at)]
        if told:
            yield _finding(path, ref, told)


def _is_settled(notice: SesNotice, account: SesAccountReading | None, now: datetime) -> bool:
    """Whether the account itself tells what a notice that names nothing may have meant.

    A pause of the account is MW502's to tell. One that does not show in the account hours later was not meant, or is
    over, and the event that said so was lost.
    """
    if not _names_nothing(notice) or notice.kind is not NoticeKind.SENDING_DISABLED:
        return False
    if not isinstance(account, SesAccount):
        return False
    sends = account.enforcement is not Enforcement.SHUTDOWN and account.sending_enabled
    return not sends or now - notice.at > _SHOWS_WITHIN


def _names_nothing(notice: SesNotice) -> bool:
    return notice.about == notice.account.arn


def _finding(path: MailPath, ref: SesAccountRef, notices: list[SesNotice]) -> Finding:
    on_the_path = _used_arns(path)
    stopped = [each for each in notices if each.kind is NoticeKind.SENDING_DISABLED and each.about in on_the_path]
    newest = sorted(notices, key=lambda each: (each not in stopped, -each.at.timestamp()))
    first = newest[0]
    stops = first.kind is NoticeKind.SENDING_DISABLED
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.AT_RISK if stopped else Effect.NONE,
        severity=Severity.HIGH if stopped else Severity.MEDIUM,
        message=message(
            "MW707.stopped" if stops else "MW707.advises",
            about=_named(first),
            region=ref.region,
            pool=pool_message(path.pool),
        ),
        why=message("MW707.why-stopped" if stopped else "MW707.why-advice"),
        remediation=message("MW707.remediation", region=ref.region),
        evidence={
            "notices": str(len(notices)),
            **{f"notice_{place}": _as_evidence(each) for place, each in enumerate(newest[:_SHOWN], start=1)},
        },
    )


def _as_evidence(notice: SesNotice) -> Message:
    return message(
        "MW707.notice",
        at=notice.at.isoformat(timespec="minutes"),
        kind=message(f"ses-notice.{notice.kind.value.replace(' ', '-')}"),
        about=notice.about,
        text=notice.text or message("MW707.no-text"),
    )


def _named(notice: SesNotice) -> Argument:
    """As in ``identity example.com``; what has another form stands as SES wrote it."""
    if _names_nothing(notice):
        return message("MW707.unnamed")
    kind, slash, name = notice.about.rpartition(":")[2].partition("/")
    return message(f"ses-resource.{kind}", name=name) if slash and kind in _RESOURCES else notice.about


def _used_arns(path: MailPath) -> set[str]:
    return {ses_state.identity_ref.arn for ses_state in judged_ses_states(path)} | {
        ref.arn for ref, _ in used_sets(path)
    }


RULE = Rule(
    rule_id="MW707",
    name="ses-notice-open",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset(
        {"cognito-idp:DescribeUserPool", "ses:GetAccount", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}
    ),
    check=check,
)
