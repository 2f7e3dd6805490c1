"""MW704: the complaint rate of the SES account comes close to what makes AWS act."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.feedback.rates import COMPLAINTS, rate_findings
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find SES accounts that pools send through and about whose mail many recipients complain.

    ## What it does
    Takes AWS's own rate, `Reputation.ComplaintRate` of `AWS/SES`, every 15 minutes. It warns from 0.05 % and, more
    loudly, from 0.08 % on; AWS reviews an account from 0.1 % on and may pause it at 0.5 %. The first two can be set
    (`thresholds.complaintRates`). A rate says nothing of an account with fewer than 200 mails or 2 complaints in seven
    days. It comes down again when the rate is a tenth below the step.

    ## Why it matters
    Mail works until AWS pauses the account, and then every pool of the region that sends through it is silent at once.
    Who did not ask for a code and receives one again and again marks it as spam.

    ## Example
    Somebody feeds a list of strangers' addresses into the sign-up form: 4 of 2,000 complain.

    ## What to do
    - **Console:** Amazon SES → the region → Reputation metrics shows the rate. Protect the sign-up form (AWS WAF, a
      captcha), and limit how often one address may ask for a code.
    - **CLI:**

      ```
      aws cloudwatch get-metric-statistics --namespace AWS/SES \
        --metric-name Reputation.ComplaintRate --statistics Maximum --period 3600 \
        --start-time … --end-time … --region …
      ```

    - **CloudFormation:** an `AWS::WAFv2::WebACLAssociation` for the user pool.
    - **Terraform:** an `aws_wafv2_web_acl_association` for the user pool.

    ## Fix and its safety
    None: whom an app writes to is for the app to decide.

    ## Known gaps
    AWS computes the rate over a representative volume that it does not tell. Some providers send no complaints back, so
    that the true number is higher. Mail of the default sender counts for an account of Cognito's and cannot be seen.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
    - https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html
    """
    yield from rate_findings(RULE, path, COMPLAINTS)


RULE = Rule(
    rule_id="MW704",
    name="complaint-rate-rising",
    link=Link.FEEDBACK,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.SES_ACCOUNT,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    check=check,
)
