"""MW703: the bounce rate of the SES account comes close to what makes AWS act."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.refs.resources import SesAccountRef, SubjectKind
from mailwarden.domain.reputation.feedback import RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.rules.feedback.rates import (
    WINDOW_WORDS,
    count,
    effect_of,
    evidence_of,
    percent,
    rate_statuses,
    severity_of,
    what_aws_does,
)
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find SES accounts that pools send through and whose bounce rate is high.

    ## What it does
    Takes AWS's own rate, `Reputation.BounceRate` of `AWS/SES`, every 15 minutes. It warns from 2 % and, more loudly,
    from 4 % on; AWS reviews an account from 5 % on and may pause it at 10 %. All four can be set
    (`thresholds.bounceRates`). A rate says nothing of an account with fewer than 200 mails or 5 bounces in seven days.
    It comes down again when the rate is a tenth below the step.

    ## Why it matters
    Mail works until AWS pauses the account, and then every pool of the region that sends through it is silent at once.
    Sign-ups with mistyped or made-up addresses are enough: an app's user notices nothing before.

    ## Example
    A form without a check of the address is found by robots: 6 % of 4,000 codes bounce.

    ## What to do
    - **Console:** Amazon SES → the region → Reputation metrics shows the rate; Virtual deliverability manager, if it is
      on, shows where mail bounces. Protect the sign-up form (AWS WAF, a captcha), and look at MW706 for the pool.
    - **CLI:** `aws cloudwatch get-metric-statistics --namespace AWS/SES --metric-name Reputation.BounceRate
      --statistics Maximum --period 3600 --start-time … --end-time … --region …`
    - **CloudFormation:** an `AWS::WAFv2::WebACLAssociation` for the user pool.
    - **Terraform:** an `aws_wafv2_web_acl_association` for the user pool.

    ## Fix and its safety
    None: addresses that do not exist are for the app to refuse.

    ## Known gaps
    AWS computes the rate over a representative volume that it does not tell. The sums in the finding are of seven days,
    so they need not divide to it. Mail of the default sender counts for an account of Cognito's and cannot be seen.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    - https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html
    """
    for ref, rate_status, because in rate_statuses(path):
        if because is not None:
            yield RULE.undecided(path, subject=ref, because=because)
        elif rate_status.bounce_level is not RateLevel.NORMAL and rate_status.figures.bounce_rate is not None:
            yield _finding(path, ref, rate_status, rate_status.figures.bounce_rate)


def _finding(path: MailPath, ref: SesAccountRef, rate_status: RateStatus, rate: float) -> Finding:
    steps, level = path.thresholds.bounce_rates, rate_status.bounce_level
    return RULE.finding(
        path,
        subject=ref,
        effect=effect_of(level),
        severity=severity_of(level),
        message=f"the SES account in {ref.region} has a bounce rate of {percent(rate)}, with "
        f"{count(rate_status.figures.bounces)} bounces of {count(rate_status.figures.sends)} mails in "
        f"{WINDOW_WORDS}, and "
        f"{pool_words(path.pool)} sends through it",
        why=what_aws_does(level, steps),
        remediation="Find out which app sends to addresses that do not exist (MW706, SES console in "
        f"{ref.region}), and have "
        "addresses checked before a code is sent to them",
        evidence={"bounce_rate": percent(rate), **evidence_of(rate_status, steps, level)},
    )


RULE = Rule(
    rule_id="MW703",
    name="bounce-rate-rising",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
