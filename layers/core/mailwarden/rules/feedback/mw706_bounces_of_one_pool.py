"""MW706: much of one pool's mail bounces, or is complained about."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Message, message
from mailwarden.regions import SenderUse
from mailwarden.rules.feedback.rates import WINDOW_DAYS, not_known_because, percent
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find the pool whose mail bounces or is complained about, where events tell it.

    ## What it does
    Counts hard bounces and complaints of the mail that only this pool sends, from SES's own events, over seven days.
    SES does not say how many mails one pool sent, but it sent no more than its configuration set and its account: the
    share of these is the least that the pool's own rate can be. Only what came through them is compared, and only whole
    hours in which their sends are known, so it is told an hour late. It is told from the same steps on as MW703 and
    MW704; fewer than 5 bounces or 2 complaints are never told.

    ## Why it matters
    The account's rate is one number for all apps. This is the app to talk to before AWS acts upon all of them.

    ## Example
    310 of at most 5,200 mails of one pool bounced: at least 6 %.

    ## What to do
    - **Console:** protect the app's sign-up form (AWS WAF, a captcha), and check addresses in the pre sign-up trigger.
    - **CLI:** `make why POOL=… ADDRESS=…` tells of one user whether SES still sends to the address.
    - **CloudFormation:** an `AWS::SES::ConfigurationSet` for this pool alone makes its figures exact.
    - **Terraform:** an `aws_sesv2_configuration_set` for this pool alone does the same.

    ## Fix and its safety
    None: addresses that do not exist are for the app to refuse.

    ## Known gaps
    Only mail with a configuration set that sends events is counted, and only where one pool alone sends from that
    address: mail that several pools send from one address is counted for the identity and for no pool. An app that
    sends by itself from the same address is counted too. In an account with much other mail the least rate is far
    below the true one: give the pool a configuration set of its own. Where the reputation metrics of a set were
    switched off for a while within the seven days, its sends are too few and the rate told is too high.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    """
    if not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    for ses_state in usable_ses_states(path):
        shares = tuple(_shares(ses_state))
        reasons = [not_known_because(each.looked_at, each.refused, path.taken_at) for each in _standings(ses_state)]
        known = [reason for reason in reasons if reason is not None]
        if _is_much(path) and known and len(known) == len(reasons):
            yield RULE.undecided(path, because=known[0])
            continue
        told = [share for share in shares if share.worst(path.thresholds) is not RateLevel.NORMAL]
        if told:
            yield _finding(path, max(told, key=lambda share: (share.worst(path.thresholds), share.bounced)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """What came back of a pool's mail, and all the mails among which it was sent."""

    mail: MailCounts
    sends: float
    whose: str

    @property
    def bounced(self) -> float:
        return self.mail.hard_bounces / self.sends

    @property
    def complained(self) -> float:
        return self.mail.complaints / self.sends

    def levels(self, limits: Thresholds) -> tuple[RateLevel, RateLevel]:
        """Of the bounces and of the complaints; too few of either, or among too few mails, say nothing."""
        if self.sends < limits.least_sends:
            return RateLevel.NORMAL, RateLevel.NORMAL
        bounced, complained = limits.bounce_rates.of(self.bounced), limits.complaint_rates.of(self.complained)
        return (
            bounced if self.mail.hard_bounces >= limits.least_bounces else RateLevel.NORMAL,
            complained if self.mail.complaints >= limits.least_complaints else RateLevel.NORMAL,
        )

    def worst(self, limits: Thresholds) -> RateLevel:
        return max(self.levels(limits))


def _standings(ses_state: SesRegionState) -> list[RateStatus]:
    return [rate_status for rate_status in (ses_state.set_rates, ses_state.feedback.rates) if rate_status is not None]


def _shares(ses_state: SesRegionState) -> Iterator[_Share]:
    """Of the set and of the account: each is a lower bound, because the pool sent no more than either."""
    for rate_status, mail, whose in (
        (ses_state.set_rates, ses_state.mail_of_set, "MW706.its-set"),
        (ses_state.feedback.rates, ses_state.mail_of_account, "MW706.its-account"),
    ):
        if rate_status is not None and mail is not None and rate_status.figures.sends:
            yield _Share(mail=mail, sends=rate_status.figures.sends, whose=whose)


def _is_much(path: MailPath) -> bool:
    mail, limits = path.ledger_facts.mail, path.thresholds
    return mail is not None and (
        mail.hard_bounces >= limits.least_bounces or mail.complaints >= limits.least_complaints
    )


def _finding(path: MailPath, share: _Share) -> Finding:
    bounced, complained = share.levels(path.thresholds)
    return RULE.finding(
        path,
        effect=Effect.NONE,
        severity=Severity.MEDIUM if max(bounced, complained) is RateLevel.ELEVATED else Severity.HIGH,
        message=_much(path, share, bounced, complained),
        why=message("MW706.why"),
        remediation=message("MW706.remediation"),
        evidence={
            "window": message("MW706.window", window=WINDOW_DAYS),
            "hard_bounces": str(share.mail.hard_bounces),
            "complaints": str(share.mail.complaints),
            "sent_at_most": message("MW706.sent-at-most", number=f"{share.sends:.0f}", whose=message(share.whose)),
            **{outcome: str(number) for outcome, number in sorted(share.mail.by_outcome.items())},
        },
    )


def _much(path: MailPath, share: _Share, bounced: RateLevel, complained: RateLevel) -> Message:
    pool = pool_message(path.pool)
    bounces, complaints = percent(share.bounced), percent(share.complained)
    if RateLevel.NORMAL not in {bounced, complained}:
        return message("MW706.both", pool=pool, bounced=bounces, complained=complaints, window=WINDOW_DAYS)
    if complained is RateLevel.NORMAL:
        return message("MW706.bounced", pool=pool, bounced=bounces, window=WINDOW_DAYS)
    return message("MW706.complained", pool=pool, complained=complaints, window=WINDOW_DAYS)


RULE = Rule(
    rule_id="MW706",
    name="bounces-of-one-pool",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
)
