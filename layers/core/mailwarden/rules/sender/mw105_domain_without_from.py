"""MW105: the pool sends as a domain and has no FROM address."""

from collections.abc import Iterator
from dataclasses import replace

from mailwarden.domain.findings.changes import Applicability, Fix, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.from_header import configured_from
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import is_foreign
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import IdentityRef, SubjectKind
from mailwarden.message import message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule


def check(path: MailPath) -> Iterator[Finding]:
    """Find pools whose identity is a domain and whose FROM is not set.

    ## What it does
    Checks whether `SourceArn` names a domain while `From` is absent. An address identity needs no `From`. The default
    sender accepts no `From`, so for those pools the finding is *unknown*: AWS does not document the address it uses.

    ## Why it matters
    Cognito has no address for the From header. Sign-up and forgotten-password calls fail, or users wait for a code
    that is never sent.

    ## Example
    `{"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:111122223333:identity/example.com"}`.

    ## What to do
    - **Console:** Amazon Cognito → User pools → the pool → Authentication methods → Email → Edit: fill in "FROM sender
      name".
    - **CLI:** `make set-sender POOL=… FROM=no-reply@example.com`; it changes nothing else of the pool.
    - **CloudFormation:** set `EmailConfiguration.From` of the `AWS::Cognito::UserPool`.
    - **Terraform:** set `from_email_address` in `email_configuration` of the `aws_cognito_user_pool`.

    ## Fix and its safety
    Sets FROM to `fromLocalPart` of the settings at the domain of the identity, such as `no-reply@example.com`, and
    changes nothing else of the pool. The fix is unsafe: users see the address, and another one may have been meant for
    this pool. Without `fromLocalPart` there is none, because Mailwarden cannot know which address was intended.

    ## Known gaps
    AWS's page requires `From` with a domain, and Cognito rejects `From` on the default sender. AWS does not document
    the result: Cognito may drop the mail or send it from its own address.

    ## References
    - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html
    """
    sender = path.sender
    if not isinstance(sender, UsesIdentity) or is_foreign(path):
        return
    if sender.ref.is_address or configured_from(path.pool.email, sender.ref) is not None:
        return
    match sender.use:
        case SenderUse.DEVELOPER:
            yield _lost(path, sender.ref)
        case SenderUse.DEFAULT_CUSTOM_FROM:
            yield RULE.undecided(
                path,
                because=message("MW105.default-sender", domain=sender.ref.name),
                remediation=message("MW105.default-sender.remediation", domain=sender.ref.name),
            )


def _fix(path: MailPath, ref: IdentityRef) -> Fix | None:
    """The address that the operator chose for such pools: another one may have been meant for this pool."""
    if path.from_local_part is None:
        return None
    email, address = path.pool.email, f"{path.from_local_part}@{ref.name}"
    return Fix(
        title=message("fix.set-from", pool=pool_message(path.pool), address=address),
        applicability=Applicability.UNSAFE,
        not_safe=message("MW105.chosen-for-all"),
        change=ReplaceEmailConfiguration(pool=path.pool.ref, before=email, after=replace(email, from_address=address)),
    )


def _lost(path: MailPath, ref: IdentityRef) -> Finding:
    return RULE.finding(
        path,
        effect=Effect.LOST,
        message=message("MW105.no-from", pool=pool_message(path.pool), domain=ref.name),
        why=message("MW105.why"),
        remediation=message("MW105.remediation", domain=ref.name),
        evidence={"source_arn": ref.arn, "from": message("words.absent")},
        fix=_fix(path, ref),
    )


RULE = Rule(
    rule_id="MW105",
    name="domain-without-from",
    link=Link.SENDER,
    severity=Severity.CRITICAL,
    subject_kind=SubjectKind.POOL,
    reads=frozenset({"cognito-idp:DescribeUserPool"}),
    writes=frozenset({"cognito-idp:UpdateUserPool"}),
    check=check,
)
