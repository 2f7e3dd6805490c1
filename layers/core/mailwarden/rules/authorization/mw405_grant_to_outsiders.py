"""MW405: a sending policy opens the identity to everybody, or to another account."""

from collections.abc import Iterator
from functools import lru_cache

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import Argument, message
from mailwarden.policy import Exposure, OutsideGrant, public_or_cross_account
from mailwarden.rules.naming import identity_message
from mailwarden.rules.read_identities import of_each_identity
from mailwarden.rules.rule import Rule

_SHOWN = 3


def check(path: MailPath) -> Iterator[Finding]:
    r"""Find sending policies that let somebody outside the account send as the identity.

    ## What it does
    Looks for Allow statements about sending whose principal is everybody, another AWS account or somebody in one, and
    tries whether their conditions keep such a caller out.

    ## Why it matters
    Whoever is let in sends mail with your name and your signature, and you answer for the complaints. Your own users'
    mail is not affected.

    ## Example
    `{"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail", "Resource": "…"}`.

    ## What to do
    - **Console:** Amazon SES → Identities → the identity → Authorization: take the principal out of the statement that
      the finding names, or delete the policy. Leave it if another account of yours is meant to send.
    - **CLI:** `aws sesv2 get-email-identity-policies --email-identity …` shows the document. Edit the statement in it,
      and write it back whole, because the call replaces it:

      ```
      aws sesv2 update-email-identity-policy \
        --email-identity … --policy-name … --policy file://policy.json
      ```

    - **CloudFormation:** change it where the policy is written, such as a custom resource.
    - **Terraform:** change the `policy` of the `aws_ses_identity_policy`.

    ## Fix and its safety
    None: another account may be meant to send, and taking a grant away stops its mail.

    ## Known gaps
    Which accounts belong to your organization is not known here.

    ## References
    - https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    yield from of_each_identity(RULE, path, _judged)


def _judged(path: MailPath, identity: Identity) -> Iterator[Finding]:
    grants = _outside_grants(tuple(identity.policies.items()), identity.ref.arn, identity.ref.account)
    if grants:
        yield _finding(path, identity.ref, grants)


@lru_cache(maxsize=256)
def _outside_grants(policies: tuple[tuple[str, str], ...], identity_arn: str, account: str) -> tuple[OutsideGrant, ...]:
    """Remembered, because every pool of an identity asks it."""
    return public_or_cross_account(dict(policies), identity_arn=identity_arn, account=account)


def _finding(path: MailPath, ref: IdentityRef, grants: tuple[OutsideGrant, ...]) -> Finding:
    worst = max(grants, key=_severity)
    whom: Argument = message("MW405.everybody") if worst.exposure is Exposure.PUBLIC else _some(worst.whom)
    return RULE.finding(
        path,
        subject=ref,
        effect=Effect.NONE,
        severity=_severity(worst),
        message=message(
            "MW405.open" if worst.certain else "MW405.may-be-open", identity=identity_message(ref), whom=whom
        ),
        why=message("MW405.why"),
        remediation=message("MW405.remediation", whom=whom, statement=worst.ref.message, identity=ref.name),
        evidence={
            "statements": message("sentences", sentences=tuple(grant.ref.message for grant in grants)),
            "principals": tuple(dict.fromkeys(name for grant in grants for name in grant.whom)),
        },
    )


def _some(whom: tuple[str, ...]) -> Argument:
    """The first of them: the statement that is named holds them all."""
    more = len(whom) - _SHOWN
    return message("words.and-more", shown=whom[:_SHOWN], more=more) if more > 0 else whom


def _severity(grant: OutsideGrant) -> Severity:
    match grant.exposure:
        case Exposure.PUBLIC:
            return Severity.CRITICAL if grant.certain else Severity.HIGH
        case Exposure.OTHER_ACCOUNT:
            return Severity.MEDIUM


RULE = Rule(
    rule_id="MW405",
    name="grant-to-outsiders",
    link=Link.AUTHORIZATION,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.IDENTITY,
    reads=frozenset({"cognito-idp:DescribeUserPool", "ses:GetEmailIdentity"}),
    check=check,
)
