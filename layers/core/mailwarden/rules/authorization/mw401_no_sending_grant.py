"""MW401: no statement lets the pool send, where one is required."""

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
    r"""Find pools whose identity has no sending policy that lets Cognito send for them.

    ## What it does
    Evaluates all sending policies of the identity for Cognito's service principal acting for this pool. A policy is
    required for the default sender with an identity of yours, and for `EmailSendingAccount` `DEVELOPER` in an
    alternate-region pool. Elsewhere Cognito sends through its service-linked role and needs none.

    ## Why it matters
    SES refuses the mail and Cognito does not say so. Users see "we have sent you a code" and never receive it.

    ## Example
    A pool on the default sender with `"SourceArn": "arn:aws:ses:us-west-2:111122223333:identity/support@example.com"`,
    after `aws ses delete-identity-policy` removed the policy that the console had attached.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization → Create policy: paste the policy from the
      finding.
    - **CLI:**

      ```
      aws sesv2 create-email-identity-policy --email-identity … \
        --policy-name cognito --policy file://…
      ```

    - **CloudFormation:** there is no resource for identity policies; use a custom resource, or let Mailwarden grant it.
    - **Terraform:** an `aws_ses_identity_policy` with the policy from the finding.

    To let Mailwarden do it from now on, tag the identity `mailwarden:cognito` = `account` or the pool's id.

    ## Fix and its safety
    Adds the pool to the policy `mailwarden-cognito` of the identity: the principal the pool's region needs, the two
    sending actions, this identity, this account and this pool's ARN, nothing more. Other people's policies are not
    touched. Safe if mail then gets through, and if no policy lets this pool send under a further condition, such as
    `ses:FromAddress`, which the grant would override; written only with the consent of the identity's owner. Nothing is
    written beside a policy `mailwarden-cognito` that was edited.

    ## Known gaps
    Which of `SendEmail` and `SendRawEmail` Cognito calls is not published, so both are demanded, as in AWS's example.
    In pools that send from two SES regions the fix mends one region at a time.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
    """
    yield from fault_findings(RULE, path, _TEXTS)


_TEXTS = FaultTexts(
    fault=Fault.NO_GRANT,
    effect=Effect.LOST,
    message=lambda path, faults: message(
        "MW401.found", identity=identities_message(faults), pool=pool_message(path.pool)
    ),
    why=message("MW401.why"),
    remediation=attach_by_hand,
    grants=True,
)

RULE = Rule(
    rule_id="MW401",
    name="no-sending-grant",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    writes=WRITES,
    check=check,
    root_cause=sending_policies,
)
