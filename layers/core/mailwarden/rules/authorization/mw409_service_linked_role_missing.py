"""MW409: the role with which Cognito sends mail for DEVELOPER pools does not exist."""

from collections.abc import Iterator

from mailwarden.domain.findings.changes import (
    EMAIL_SERVICE,
    EMAIL_SERVICE_ROLE,
    Applicability,
    CreateServiceLinkedRole,
    Fix,
)
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import ServiceLinkedRole, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_message
from mailwarden.rules.root_causes import email_role
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find DEVELOPER pools of an account without the service-linked role of Cognito's mail.

    ## What it does
    Looks for the role `AWSServiceRoleForAmazonCognitoIdpEmailService`, which Cognito creates when a pool is set to
    `DEVELOPER`.

    ## Why it matters
    Cognito sends as this role. Without it sign-up and forgotten-password calls fail with
    `InvalidEmailRoleAccessPolicyException`, in every `DEVELOPER` pool of the account.

    ## Example
    `aws iam delete-service-linked-role`, after which a pool was brought back from a backup by hand.

    ## What to do
    - **Console:** Amazon Cognito → the pool → Authentication methods → Email → Edit → Save changes creates the role.
    - **CLI:**

      ```
      aws iam create-service-linked-role \
        --aws-service-name email.cognito-idp.amazonaws.com
      ```

    - **CloudFormation:** an `AWS::IAM::ServiceLinkedRole` with `AWSServiceName: email.cognito-idp.amazonaws.com`.
    - **Terraform:** an `aws_iam_service_linked_role` with `aws_service_name = "email.cognito-idp.amazonaws.com"`.

    ## Fix and its safety
    Creates the role. Safe if mail then gets through: only Cognito can assume it, and AWS wrote its permissions. There
    is no undo, because AWS deletes the role only when no pool uses it.

    ## Known gaps
    Deleting the role is asynchronous; while it is going on, the role may still be seen.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/using-service-linked-roles.html
    """
    sender, pool = path.sender, path.pool
    if not isinstance(sender, UsesIdentity) or sender.use is not SenderUse.DEVELOPER or is_foreign(path):
        return
    match path.service_linked_role:
        case Unreadable() as refused:
            yield RULE.undecided(path, because=refused.message)
        case ServiceLinkedRole.ABSENT:
            yield RULE.finding(
                path,
                effect=Effect.LOST,
                message=message("MW409.missing", pool=pool_message(pool), role=EMAIL_SERVICE_ROLE),
                why=message("MW409.why"),
                remediation=message("MW409.remediation", service=EMAIL_SERVICE),
                evidence={"role": EMAIL_SERVICE_ROLE, "account": pool.ref.account},
                fix=Fix(
                    title=message("fix.create-role", role=EMAIL_SERVICE_ROLE),
                    applicability=Applicability.SAFE,
                    change=CreateServiceLinkedRole(partition=pool.ref.partition, account=pool.ref.account),
                ),
            )
        case ServiceLinkedRole.PRESENT | None:
            return


RULE = Rule(
    rule_id="MW409",
    name="service-linked-role-missing",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "iam:GetRole"}),
    writes=frozenset({"iam:CreateServiceLinkedRole"}),
    check=check,
    root_cause=email_role,
)
