"""MW407: whether the pool may send cannot be decided."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Link, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.rules.naming import pool_words
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.faults import Telling, identities_words, tell
from mailwarden.rules.sending_grant.question import Fault
from mailwarden.rules.sending_grant.requirement import SideFault


def check(path: MailPath) -> Iterator[Finding]:
    """Find sending policies whose answer for the pool depends on what nobody outside AWS knows.

    ## What it does
    Reports a pool for which no statement certainly allows sending or certainly denies it: conditions on keys of which
    it is not known whether Cognito's calls carry them, on a clock or an address, operators that do not exist, elements
    that cannot be read, and a Deny for the service where Cognito may send as its service-linked role instead.

    ## Why it matters
    The mail may get through or not. If not, users wait for codes that never come, and nothing fails visibly.

    ## Example
    `"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}` in the only Allow statement.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: take the condition out of the statement that
      the finding names, or replace it by `aws:SourceAccount` and `aws:SourceArn`.
    - **CLI:** `aws sesv2 update-email-identity-policy` with the edited document.
    - **CloudFormation:** change it where the policy is written, such as a custom resource.
    - **Terraform:** change the `policy` of the `aws_ses_identity_policy`.

    ## Fix and its safety
    None: on what is not known nothing is written.

    ## Known gaps
    Which condition keys Cognito's calls carry beyond `aws:SourceAccount` and `aws:SourceArn` is not published.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
    """
    yield from tell(RULE, path, _TELLING)


def _to_do(path: MailPath, fault: SideFault) -> str:
    ref = fault.ses_state.identity_ref
    return (
        f"Replace the condition that cannot be decided on {ref.name} in SES region {ref.region} by aws:SourceAccount "
        f"{path.pool.ref.account} and aws:SourceArn {path.pool.ref.arn}"
    )


_TELLING = Telling(
    fault=Fault.UNDECIDABLE,
    effect=Effect.UNKNOWN,
    message=lambda path, faults: (
        f"whether the sending policies of {identities_words(faults)} let {pool_words(path.pool)} send cannot be decided"
    ),
    why="the answer depends on something that is not known of Cognito's calls to SES",
    remediation=_to_do,
    grants=False,
)

RULE = Rule(
    rule_id="MW407",
    name="grant-undecidable",
    link=Link.AUTHORIZATION,
    severity=Severity.HIGH,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
