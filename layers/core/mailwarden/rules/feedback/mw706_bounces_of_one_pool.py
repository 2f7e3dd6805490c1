"""MW706: much of one pool's mail bounces, or is complained about."""

from collections.abc import Iterator

from mailwarden.domain.feedback import MailCounts, RateStanding
from mailwarden.domain.findings import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path import MailPath, SesSide, UsesIdentity
from mailwarden.domain.rate_levels import RateLevel
from mailwarden.domain.sides import judged_sides
from mailwarden.domain.subjects import SubjectKind
from mailwarden.regions import SenderUse
from mailwarden.rules.feedback.standing import WINDOW_WORDS, not_known_because, percent
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find the pool whose mail bounces or is complained about, where events tell it.

    ## What it does
    Counts hard bounces and complaints of the mail that only this pool sends, from SES's own events, over seven days.
    SES does not say how many mails one pool sent, but it sent no more than its configuration set and its account: the
    share of these is the least that the pool's own rate can be. It is told from the same steps on as MW703 and MW704.
    Fewer than 5 bounces or 2 complaints are never told.

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
    below the true one: give the pool a configuration set of its own.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    """
    mail = path.remembered.mail
    if mail is None or not isinstance(path.sender, UsesIdentity) or path.sender.use is not SenderUse.DEVELOPER:
        return
    enough = mail.hard_bounces >= path.thresholds.least_bounces or mail.complaints >= path.thresholds.least_complaints
    for side in judged_sides(path) if enough else ():
        yield from _said_of(path, mail, side)


def _said_of(path: MailPath, mail: MailCounts, side: SesSide) -> Iterator[Finding]:
    standings = [standing for standing in (side.set_rates, side.feedback.rates) if standing is not None]
    reasons = [not_known_because(each.looked_at, each.refused, path.taken_at) for each in standings]
    if reasons and all(reasons):
        yield RULE.undecided(path, because=str(reasons[0]))
        return
    known = [each for each, reason in zip(standings, reasons, strict=True) if reason is None]
    sends = min((each.figures.sends for each in known if each.figures.sends is not None), default=None)
    if sends is None or sends < path.thresholds.least_sends:
        return
    bounced, complained = _levels(path, mail, sends)
    said = [
        f"{percent(number / sends)} {what}"
        for level, number, what in (
            (bounced, mail.hard_bounces, "bounced"),
            (complained, mail.complaints, "was complained about"),
        )
        if level is not RateLevel.CALM
    ]
    if said:
        whose = "its configuration set" if _is_of_the_set(side, known, sends) else "its SES account"
        yield _finding(
            path,
            mail,
            said=" and ".join(said),
            sent=f"{sends:.0f}, as many as {whose} sent",
            worst=max(bounced, complained),
        )


def _levels(path: MailPath, mail: MailCounts, sends: float) -> tuple[RateLevel, RateLevel]:
    limits = path.thresholds
    bounced = limits.bounce_rates.of(mail.hard_bounces / sends)
    complained = limits.complaint_rates.of(mail.complaints / sends)
    return (
        bounced if mail.hard_bounces >= limits.least_bounces else RateLevel.CALM,
        complained if mail.complaints >= limits.least_complaints else RateLevel.CALM,
    )


def _is_of_the_set(side: SesSide, known: list[RateStanding], sends: float) -> bool:
    return any(each is side.set_rates and each.figures.sends == sends for each in known)


def _finding(path: MailPath, mail: MailCounts, *, said: str, sent: str, worst: RateLevel) -> Finding:
    return RULE.finding(
        path,
        effect=Effect.NONE,
        severity=Severity.MEDIUM if worst is RateLevel.ELEVATED else Severity.HIGH,
        message=f"of the mail of {pool_words(path.pool)} at least {said} in {WINDOW_WORDS}",
        why="its bounces and complaints count for the whole SES account, which AWS pauses for all pools at once",
        to_do="Have this app check addresses before a code is sent to them, and protect its sign-up form",
        evidence={
            "window": WINDOW_WORDS,
            "hard_bounces": str(mail.hard_bounces),
            "complaints": str(mail.complaints),
            "sent_at_most": sent,
            **{outcome: str(number) for outcome, number in sorted(mail.by_outcome.items())},
        },
    )


RULE = Rule(
    rule_id="MW706",
    name="bounces-of-one-pool",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "ses:GetConfigurationSet"}),
    check=check,
)
