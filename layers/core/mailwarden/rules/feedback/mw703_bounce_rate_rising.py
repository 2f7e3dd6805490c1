"""MW703: the bounce rate of the SES account comes close to what makes AWS act."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.feedback.rates import BOUNCES, rate_findings
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find SES accounts that pools send through and whose bounce rate is high.

    ## What it does
    Takes AWS's own rate, `Reputation.BounceRate` of `AWS/SES`, every 15 minutes. It warns from 2 % and, more loudly,
    from 4 % on; AWS reviews an account from 5 % on and may pause it at 10 %. The first two steps can be set
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
    - **CLI:**

      ```
      aws cloudwatch get-metric-statistics --namespace AWS/SES \
        --metric-name Reputation.BounceRate --statistics Maximum --period 3600 \
        --start-time … --end-time … --region …
      ```

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
    yield from rate_findings(RULE, path, BOUNCES)


RULE = Rule(
    rule_id="MW703",
    name="bounce-rate-rising",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
