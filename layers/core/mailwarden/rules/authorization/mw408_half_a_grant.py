"""MW408: the policies let the pool send with one of the two sending actions only."""

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
from mailwarden.rules.sending_grant.grant_fix import WRITES, attach_by_hand
from mailwarden.rules.sending_grant.question import Fault


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find sending policies that allow `ses:SendEmail` without `ses:SendRawEmail`, or the other way round.

    ## What it does
    Where the pool may not send, looks whether one of the two actions is allowed, or whether a statement that names this
    pool lacks nothing but the action.

    ## Why it matters
    AWS's example lists both actions, and which of them Cognito calls is not published. Users may not receive their
    codes.

    ## Example
    `"Action": "ses:SendEmail"` in an otherwise complete policy.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: add the missing action to the policy.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Add the action to it,
      and write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

    - **CloudFormation:** there is no resource for identity policies; use a custom resource, or let Mailwarden grant it.
    - **Terraform:** list both actions in the `aws_ses_identity_policy`.

    ## Fix and its safety
    Adds the pool with both actions to the policy `mailwarden-cognito` of the identity; the half grant stays. Safe if
    mail then gets through and no further condition of the owner, such as `ses:FromAddress`, is overridden. A statement
    that names this very pool without such a condition counts as its owner's consent.

    ## Known gaps
    If Cognito needs only one of the actions, mail may be arriving all the same.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
    """
    yield from fault_findings(RULE, path, _TEXTS)


_TEXTS = FaultTexts(
    fault=Fault.HALF_A_GRANT,
    effect=Effect.LOST,
    message=lambda path, faults: message(
        "MW408.found", identity=identities_message(faults), pool=pool_message(path.pool)
    ),
    why=message("MW408.why"),
    remediation=attach_by_hand,
    grants=True,
)

RULE = Rule(
    rule_id="MW408",
    name="half-a-grant",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    writes=WRITES,
    check=check,
    root_cause=sending_policies,
)
