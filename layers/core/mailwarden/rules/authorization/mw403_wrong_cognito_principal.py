"""MW403: the policies let the pool send, but as a service principal that Cognito does not use for it."""

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
from mailwarden.rules.sending_grant.requirement import SideFault


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find sending policies that would do, if they named the principal that Cognito uses in the pool's region.

    ## What it does
    Where no statement lets the pool send, asks again for each Cognito principal that the policies name: the global
    `email.cognito-idp.amazonaws.com`, a regional `cognito-idp.REGION.amazonaws.com`, or `cognito-idp.amazonaws.com`
    from SES's older examples.

    ## Why it matters
    SES takes the policy without a word, and the mail is lost silently. Users see "we have sent you a code" and never
    receive it.

    ## Example
    A pool in `me-central-1` whose identity in `eu-central-1` trusts `email.cognito-idp.amazonaws.com`: an alternate
    region needs `cognito-idp.me-central-1.amazonaws.com`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: add the principal from the finding to
      `Principal.Service` of the policy, or create the policy from the finding.
    - **CLI:**

      ```
      aws sesv2 create-email-identity-policy --email-identity … \
        --policy-name cognito --policy file://…
      ```

    - **CloudFormation:** there is no resource for identity policies; use a custom resource, or let Mailwarden grant it.
    - **Terraform:** set the principal in the `aws_ses_identity_policy`.

    ## Fix and its safety
    Adds the pool with the right principal to the policy `mailwarden-cognito` of the identity. The statement that names
    the wrong one stays. Safe if mail then gets through and no further condition of the owner, such as
    `ses:FromAddress`, is overridden. A statement that names this very pool without such a condition counts as its
    owner's consent.

    ## Known gaps
    Whether Cognito still uses `cognito-idp.amazonaws.com` anywhere is not documented; it counts as wrong.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
    """
    yield from fault_findings(RULE, path, _TEXTS)


def _wrong_ones(fault: SideFault) -> tuple[str, ...]:
    return tuple(name for name in fault.answer.principals_found if name != fault.principal_needed)


_TEXTS = FaultTexts(
    fault=Fault.WRONG_PRINCIPAL,
    effect=Effect.LOST,
    message=lambda path, faults: message(
        "MW403.found",
        identity=identities_message(faults),
        pool=pool_message(path.pool),
        trusted=_wrong_ones(faults[0]),
        needed=faults[0].principal_needed,
    ),
    why=message("MW403.why"),
    remediation=attach_by_hand,
    grants=True,
)

RULE = Rule(
    rule_id="MW403",
    name="wrong-cognito-principal",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    writes=WRITES,
    check=check,
    root_cause=sending_policies,
)
