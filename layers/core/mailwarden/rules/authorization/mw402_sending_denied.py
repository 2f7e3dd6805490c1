"""MW402: a sending policy explicitly denies what the pool needs."""

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
    r"""Find pools that a Deny in a sending policy of their identity keeps from sending.

    ## What it does
    Evaluates the Deny statements of all sending policies of the identity: for Cognito's service principal where the
    pool needs it, and for a `DEVELOPER` pool also for the service-linked role
    `AWSServiceRoleForAmazonCognitoIdpEmailService`.

    ## Why it matters
    A Deny wins over every Allow. Users do not receive their codes, or sign-up and forgotten-password calls fail with
    `InvalidEmailRoleAccessPolicyException`.

    ## Example
    A policy that denies sending to everybody but one role: `{"Effect": "Deny", "Principal": "*", "Action": "ses:Send*",
    "Resource": "…", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/mailer"}}}`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: replace the statement that the finding names
      by the one that it shows: the same Deny, which spares this pool's calls. Where the finding shows only a condition,
      because the statement is too long or holds what is masked, add that condition to the statement.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Edit the statement in it,
      and write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

    - **CloudFormation:** change it where the policy is written, such as a custom resource.
    - **Terraform:** change the `policy` of the `aws_ses_identity_policy`.

    ## Fix and its safety
    None: somebody wrote that Deny on purpose, and no policy of ours could overrule it.

    ## Known gaps
    Service control policies and the boundaries of an organization are not read. A Deny that depends on what cannot be
    known is MW407.

    ## References
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/using-service-linked-roles.html
    """
    yield from fault_findings(RULE, path, _TEXTS)


_TEXTS = FaultTexts(
    fault=Fault.DENIED,
    effect=Effect.LOST,
    message=lambda path, faults: message(
        "MW402.found", identity=identities_message(faults), pool=pool_message(path.pool)
    ),
    why=message("MW402.why"),
    remediation=sparing_advice,
    grants=False,
)

RULE = Rule(
    rule_id="MW402",
    name="sending-denied",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
    root_cause=sending_policies,
)
