"""The EmailConfiguration of a user pool for its source, exactly as the fix would write it."""

import re

from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.presentation.snippets.literals import hcl_literal, script_literal, yaml_literal
from mailwarden.presentation.snippets.snippet import Snippet

_LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
# Terraform AWS provider, resource aws_cognito_user_pool, block email_configuration.
_TERRAFORM = {
    "EmailSendingAccount": "email_sending_account",
    "SourceArn": "source_arn",
    "From": "from_email_address",
    "ReplyToEmailAddress": "reply_to_email_address",
    "ConfigurationSet": "configuration_set",
}
# A name that the CDK passes on unchanged: a phrase of ASCII, or a quoted string (aws-cdk-lib, aws-cognito,
# user-pool-email.ts, formatFromName). An address with a second @ does not come through it (punycode.js, mapDomain).
_FROM = re.compile(
    r"(?:(?P<name>[\w !#$%&'*+\-/=?^`{|}~]+|\"(?:[^\\\"]|\\.)*\") <)?(?P<address>[!-;=?A-~]+@[!-;=?A-~]+)(?(name)>)",
    re.ASCII,
)
_ASCII_TEXT = re.compile(r"[!-?A-~]+(?:@[!-?A-~]+)?")


def email_snippets(pool: PoolRef, email: EmailConfiguration, source: Source) -> tuple[Snippet, ...]:
    """The whole EmailConfiguration in every language, the likeliest first; it takes the place of the former one."""
    makers = {
        SourceForm.CLOUDFORMATION: lambda: _cloudformation(pool, email, source.logical_id),
        SourceForm.TERRAFORM: lambda: _terraform(pool, email),
        SourceForm.CDK: lambda: _cdk(pool, email),
        SourceForm.AMPLIFY: lambda: _amplify(pool, email),
    }
    return tuple(Snippet(form=form, code="\n".join(makers[form]())) for form in source.forms)


def _cloudformation(pool: PoolRef, email: EmailConfiguration, logical_id: str | None) -> list[str]:
    known = logical_id if logical_id and _LOGICAL_ID.fullmatch(logical_id) else "UserPool"
    return [
        "Resources:",
        f"  {known}: # {pool.pool_id}",
        "    Type: AWS::Cognito::UserPool",
        "    Properties:",
        "      EmailConfiguration:",
        *(f"        {name}: {yaml_literal(value)}" for name, value in email_document(email).items()),
    ]


def _terraform(pool: PoolRef, email: EmailConfiguration) -> list[str]:
    members = {_TERRAFORM[name]: hcl_literal(value) for name, value in email_document(email).items()}
    longest = max(map(len, members), default=0)
    return [
        f'resource "aws_cognito_user_pool" "pool" {{ # {pool.pool_id}',
        "  email_configuration {",
        *(f"    {name:<{longest}} = {value}" for name, value in members.items()),
        "  }",
        "}",
    ]


def _cdk(pool: PoolRef, email: EmailConfiguration) -> list[str]:
    """``UserPoolEmail.withSES`` if it makes exactly this configuration, otherwise the resource below it."""
    options = _ses_options(pool, email)
    if options is None:
        return [
            f"// userPool: {pool.pool_id}",
            "const cfnUserPool = userPool.node.defaultChild as cognito.CfnUserPool;",
            *_assignment(email),
        ]
    return [
        f"// In the properties of the UserPool {pool.pool_id}:",
        "email: cognito.UserPoolEmail.withSES({",
        *(f"  {name}: {script_literal(value)}," for name, value in options.items()),
        "}),",
    ]


def _amplify(pool: PoolRef, email: EmailConfiguration) -> list[str]:
    return [
        f"// amplify/backend.ts, user pool {pool.pool_id}",
        "const { cfnUserPool } = backend.auth.resources.cfnResources;",
        *_assignment(email),
    ]


def _assignment(email: EmailConfiguration) -> list[str]:
    members = {f"{name[0].lower()}{name[1:]}": value for name, value in email_document(email).items()}
    return [
        "cfnUserPool.emailConfiguration = {",
        *(f"  {name}: {script_literal(value)}," for name, value in members.items()),
        "};",
    ]


def _ses_options(pool: PoolRef, email: EmailConfiguration) -> dict[str, str] | None:
    """The options of ``withSES`` that make exactly this configuration; None if none do (user-pool-email.ts)."""
    sender = None if email.from_address is None else _FROM.fullmatch(email.from_address)
    identity = _identity(email.source_arn)
    if email.sending_account is not SenderMode.DEVELOPER or sender is None or identity is None:
        return None
    # The CDK makes the ARN from the stack's own partition and account.
    if (identity.partition, identity.account) != (pool.partition, pool.account):
        return None
    address, reply_to = sender["address"], email.reply_to
    domain = address.rpartition("@")[2]
    if identity.name not in {address, domain} or (reply_to is not None and not _ASCII_TEXT.fullmatch(reply_to)):
        return None
    options = {
        "fromEmail": address,
        "fromName": sender["name"],
        "replyTo": reply_to,
        "sesRegion": identity.region,
        "sesVerifiedDomain": domain if identity.name == domain else None,
        "configurationSetName": email.configuration_set,
    }
    return {name: value for name, value in options.items() if value is not None}


def _identity(source_arn: str | None) -> IdentityRef | None:
    try:
        return None if source_arn is None else IdentityRef.from_arn(source_arn)
    except NotASubject:
        return None
