"""MW705: many more addresses than usual come onto the suppression list of the SES account."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.domain.reputation.feedback import SuppressionGrowth
from mailwarden.domain.reputation.suppression_growth import (
    GROWTH_STANDS_FOR,
    FullestDay,
    first_count_under_way,
    fullest_day,
)
from mailwarden.message import message
from mailwarden.rules.feedback.rates import not_known_because, sending_feedback
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find SES accounts on whose suppression list three times as many addresses come in a day as usually.

    ## What it does
    Counts the new and renewed entries of the account's suppression list by day and reason; addresses are never kept. It
    compares today and yesterday with the mean of the seven days before. Fewer than 25 a day are never told
    (`thresholds.leastSuppressed`); while less than three days are known, it takes four times that many.

    ## Why it matters
    SES takes mail to an address on the list, answers success, and does not send it: that user never gets a code again,
    and nobody is told. A list that grows fast is a provider that began to refuse your mail, or a robot at the form.

    ## Example
    A provider refuses a domain without DMARC from one day to the next: 900 of its users are on the list by the evening.

    ## What to do
    - **Console:** Amazon SES → the region → Suppression list, and Reputation metrics for why. Remove addresses only
      when the reason is gone.
    - **CLI:** `aws sesv2 list-suppressed-destinations --start-date … --region …`; of one user:
      `make why POOL=… ADDRESS=…`, and `make unsuppress` to remove one.
    - **CloudFormation** and **Terraform:** there is no resource for entries of the list.

    ## Fix and its safety
    None: an address that bounces again costs reputation, so a person decides about each.

    ## Known gaps
    Entries that were removed are seen with the next full count only, once a day. The list of the default sender is
    Cognito's: it can neither be seen nor cleared.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
    - https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListSuppressedDestinations.html
    """
    for ref, feedback in sending_feedback(path):
        growth = feedback.suppression
        if growth is None:
            continue
        because = not_known_because(growth.counted_to, growth.refused, path.taken_at, stand_for=GROWTH_STANDS_FOR)
        if because is not None and growth.refused is None and first_count_under_way(growth):
            # Its days come one by one: what was never counted to the end is not out of date, but not known yet.
            continue
        if because is not None:
            yield RULE.undecided(path, subject=ref, because=because)
            continue
        fullest = fullest_day(growth, today=path.taken_at.date(), least=path.thresholds.least_suppressed)
        if fullest.is_told:
            yield _finding(path, ref, growth, fullest)


def _finding(path: MailPath, ref: SesAccountRef, growth: SuppressionGrowth, fullest: FullestDay) -> Finding:
    day, usual = fullest.day, fullest.usual
    reasons = growth.added.get(day, {})
    total = None if growth.total is None else sum(growth.total.values())
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        message=message(
            "MW705.growing",
            count=fullest.number,
            region=ref.region,
            day=day.isoformat(),
            pool=pool_message(path.pool),
        ),
        why=message("MW705.why"),
        remediation=message("MW705.remediation", region=ref.region),
        evidence={
            "day": day.isoformat(),
            "by_reason": tuple(f"{reason} {number}" for reason, number in sorted(reasons.items()))
            or message("words.none"),
            "usual_per_day": message("words.unknown-yet") if usual is None else f"{usual:.1f}",
            "on_the_list": message("MW705.not-counted-yet") if total is None else str(total),
            "ses_region": ref.region,
        },
    )


RULE = Rule(
    rule_id="MW705",
    name="suppression-list-growing",
    link=Link.FEEDBACK,
    severity=Severity.MEDIUM,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
