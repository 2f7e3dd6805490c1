"""MW407: whether the pool may send cannot be decided."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.root_causes import sending_policies
from mailwarden.rules.rule import Rule
from mailwarden.rules.sending_grant.faults import FaultTexts, fault_findings, identities_message
from mailwarden.rules.sending_grant.question import Fault
from mailwarden.rules.sending_grant.sparing import sparing_advice


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find sending policies whose answer for the pool depends on what nobody outside AWS knows.

    ## What it does
    Reports a pool for which no statement certainly allows sending or certainly denies it: conditions on keys of which
    it is not known whether Cognito's calls carry them, on a clock or an address, operators that do not exist, elements
    that cannot be read, and a Deny for the service where Cognito may send as its service-linked role instead.

    ## Why it matters
    The mail may get through or not. If not, users wait for codes that never come, and nothing fails visibly.

    ## Example
    `"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}` in the only Allow statement.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization. In a Deny, add a condition that spares this
      pool's calls, as the finding shows it, alone or in the whole statement; never restrict a Deny to
      `aws:SourceAccount` and `aws:SourceArn` of your own pool, because that denies exactly its mail. Beside an Allow
      that cannot be decided, attach the policy that the finding shows.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Edit the statement in it,
      and write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

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
    yield from fault_findings(RULE, path, _TEXTS)


_TEXTS = FaultTexts(
    fault=Fault.UNDECIDABLE,
    effect=Effect.UNKNOWN,
    message=lambda path, faults: message(
        "MW407.found", identity=identities_message(faults), pool=pool_message(path.pool)
    ),
    why=message("MW407.why"),
    remediation=sparing_advice,
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
    root_cause=sending_policies,
)
