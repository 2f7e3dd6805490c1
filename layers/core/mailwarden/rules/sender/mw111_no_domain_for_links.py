"""MW111: the pool's verification mail has a link, and the domain of the link does not exist or does not work."""

from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import LinkDomain, Unreadable
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.message import Message, message
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

# While a certificate is replaced, the domain goes on with the old one.
_WORKING = frozenset({"ACTIVE", "UPDATING"})


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools that verify addresses by a link and have no domain for it.

    ## What it does
    Looks at pools whose `VerificationMessageTemplate.DefaultEmailOption` is `CONFIRM_WITH_LINK`, that verify email and
    let users sign up. Checks that the pool has a `Domain` or a `CustomDomain`. The status of a custom domain is one
    more read; a prefix domain is Cognito's own and needs none.

    ## Why it matters
    The link leads to the pool's domain. Without a domain Cognito rejects every sign-up with
    `InvalidParameterException`: "Cannot perform specific action because there does not exist a valid use pool domain
    associated with the user pool". No mail is sent.

    ## Example
    `aws cognito-idp delete-user-pool-domain --domain shop --user-pool-id …` for a pool with `"DefaultEmailOption":
    "CONFIRM_WITH_LINK"`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Domain → Create; or Message templates → Verification message
      → Edit, and choose a code in place of a link.
    - **CLI:** `aws cognito-idp create-user-pool-domain --domain … --user-pool-id …`; for a custom domain also
      `--custom-domain-config CertificateArn=…`.
    - **CloudFormation:** an `AWS::Cognito::UserPoolDomain`.
    - **Terraform:** an `aws_cognito_user_pool_domain`.

    ## Fix and its safety
    None: the owner chooses the domain, and it is visible to users.

    ## Known gaps
    AWS documents neither the domain of links in a replica, nor whether links of a custom domain work in a status other
    than `ACTIVE`, nor which domain a link names if the pool has both; Mailwarden checks the custom one. It does not
    check the DNS record or the certificate of a custom domain. Pools with a custom email sender function are not
    checked.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html
    - https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
    - https://github.com/aws-amplify/amplify-js/issues/4489
    """
    match path.pool.link_domain:
        case None | LinkDomain(name=str(), custom_status=None):
            return
        case LinkDomain(name=None):
            yield _without(path)
        case (Unreadable() as refused) | LinkDomain(custom_status=Unreadable() as refused):
            yield RULE.undecided(path, because=refused.message)
        case LinkDomain(name=str(name), custom_status=str(status)) if status not in _WORKING:
            yield _finding(
                path,
                effect=Effect.UNKNOWN,
                what=message("MW111.not-active", pool=pool_message(path.pool), domain=name),
                unknown=message("MW111.unknown.status"),
                evidence={"custom_domain": name, "domain_status": status or message("words.not-reported")},
            )
        case LinkDomain():
            return


def _without(path: MailPath) -> Finding:
    ref = path.pool.ref
    is_replica = ref.pool_id.rpartition("_")[0] != ref.region
    return _finding(
        path,
        effect=Effect.UNKNOWN if is_replica else Effect.LOST,
        what=message("MW111.none", pool=pool_message(path.pool)),
        unknown=message("MW111.unknown.replica") if is_replica else None,
        evidence={"email_option": "CONFIRM_WITH_LINK"},
    )


def _finding(
    path: MailPath, *, effect: Effect, what: Message, unknown: Message | None, evidence: dict[str, Message | str]
) -> Finding:
    return RULE.finding(
        path,
        effect=effect,
        message=what,
        why=message("MW111.why"),
        remediation=message("MW111.remediation", pool=path.pool.ref.pool_id),
        unknown_reason=unknown,
        evidence=evidence,
    )


RULE = Rule(
    rule_id="MW111",
    name="no-domain-for-links",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolDomain"}),
    check=check,
)
