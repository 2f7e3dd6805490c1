"""Cognito's checks of an EmailConfiguration when a pool is created or updated; it checks none of them later.

| condition | answer | confidence |
|---|---|---|
| REPLY-TO with a space or without an `@` | InvalidParameterException | pattern of the service model |
| SourceArn with a space, configuration set with other signs than its own | InvalidParameterException | patterns |
| From with COGNITO_DEFAULT | InvalidParameterException | observed (aws-cdk 9739) |
| identity of another account | NotAuthorizedException | observed (aws-cdk 25115) |
| identity missing or unverified, FROM outside it | InvalidParameterException, SES's text | observed (aws-cdk 18964) |
| SES region not allowed for the pool | InvalidParameterException | documented; text unknown |
| no policy of the identity lets any principal of Cognito send, where one is required | \
InvalidEmailRoleAccessPolicyException | declared; older API text |
| the service-linked role is denied by a policy | InvalidEmailRoleAccessPolicyException | declared |
| the caller may not create the service-linked role | AccessDeniedException | inferred |

A policy that names the *wrong* principal of Cognito passes the check and loses the mail later (measured in
ap-east-2). Whether CreateUserPool looks at policies is unknown; it cannot match a pool id that does not exist yet,
so this half does not look there.
"""

import re
from collections.abc import Mapping

from sandbox.mail import emulator
from sandbox.mail.cognito import caller
from sandbox.mail.cognito.ses_regions import GLOBAL_PRINCIPAL, Row, row_of
from sandbox.mail.mail_path import chain
from sandbox.mail.mail_path.pool_mail import PoolMail
from sandbox.mail.policies import authorization
from sandbox.mail.ses.store import realm

# The service model's pattern: letters, marks, symbols, numbers and punctuation, so neither spaces nor controls.
_REPLY_TO = re.compile(r"[^\s\x00-\x1f\x7f]+@[^\s\x00-\x1f\x7f]+")
_NO_REPLY_TO = (
    "1 validation error detected: Value at 'emailConfiguration.replyToEmailAddress' failed to satisfy constraint: "
    r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
)
_PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "sourceArn": (
        re.compile(r"\S+"),
        r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?",
    ),
    "configurationSet": (re.compile(r"[a-zA-Z0-9_-]+"), r"^[a-zA-Z0-9_-]+$"),
}
_LEGACY_PRINCIPAL = "cognito-idp.amazonaws.com"


def refusal(pool: emulator.Json, configuration: emulator.Json, *, creating: bool) -> emulator.Answer | None:
    """Refuse an EmailConfiguration as Cognito would; create the service-linked role where it does."""
    mail = PoolMail.of(pool | {"EmailConfiguration": configuration})
    if mail.configured_reply_to and not _REPLY_TO.fullmatch(mail.configured_reply_to):
        return _invalid(_NO_REPLY_TO)
    objection = _pattern_objection(configuration)
    if objection is not None:
        return _invalid(objection)
    if not mail.developer and mail.configured_from:
        return _invalid("Cannot configure From email address for default email configuration")
    if mail.source_arn is None:
        said = "SourceArn is required when EmailSendingAccount is DEVELOPER."
        return _invalid(said) if mail.developer else None
    if not mail.names_an_identity or not mail.identity_name:
        return _invalid(f"{mail.source_arn} is not the ARN of an Amazon SES identity.")
    if mail.source_account != mail.account:
        return emulator.cognito_error("NotAuthorizedException", "Email arn does not belong to your account.")
    row = row_of(mail.region)
    regions = _ses_regions(mail, row)
    if row is None or regions is None:
        said = f"The Region of {mail.source_arn} is not supported for user pools in {mail.region}."
        return _invalid(said)
    refused = _refusal_by_identities(mail, regions)
    if refused is None and not creating:
        refused = _refusal_by_policies(mail, row, regions)
    if refused is None and mail.developer:
        refused = _role_for(mail.account)
    return refused


def _pattern_objection(configuration: emulator.Json) -> str | None:
    """Object to what no pattern of the service model takes; a star for the region is taken, as AWS's guide has it."""
    for member, (pattern, shown) in _PATTERNS.items():
        text = configuration.get(f"{member[0].upper()}{member[1:]}")
        if text and pattern.fullmatch(str(text)) is None:
            return (
                f"1 validation error detected: Value at 'emailConfiguration.{member}' failed to satisfy constraint: "
                f"Member must satisfy regular expression pattern: {shown}"
            )
    return None


def _ses_regions(mail: PoolMail, row: Row | None) -> tuple[str, ...] | None:
    """Give the SES regions of a SourceArn, or nothing where it names one the pool may not use."""
    if row is None:
        return None
    if mail.developer:
        return (mail.source_region,) if mail.source_region in row.developer else None
    if row.splits_default_mail:
        return row.ses_regions if mail.source_region == "*" else None
    return (mail.source_region,) if mail.source_region in row.ses_regions else None


def _refusal_by_identities(mail: PoolMail, regions: tuple[str, ...]) -> emulator.Answer | None:
    for region in regions:
        identity = realm(mail.account, region).identity(mail.identity_name)
        if identity is None or not identity.usable:
            return _not_verified(region, mail.source_arn or "")
        wrong = chain.wrong_sender(mail, identity)
        if wrong is not None and mail.developer:
            return _not_verified(region, mail.sender_address) if mail.sender_address else _invalid(wrong)
    return None


def _refusal_by_policies(mail: PoolMail, row: Row, regions: tuple[str, ...]) -> emulator.Answer | None:
    for region in regions:
        ses = realm(mail.account, region)
        identity = ses.identity(mail.identity_name)
        policies = identity.policies if identity is not None else {}
        arn = ses.arn_of(mail.identity_name)
        principals = (row.principal, GLOBAL_PRINCIPAL, _LEGACY_PRINCIPAL)
        decisions = {
            authorization.decide_for_service(policies, principal, arn, mail.pool_arn) for principal in principals
        }
        role = authorization.decide_for_service_linked_role(policies, arn)
        required = row.alternate or not mail.developer
        if (mail.developer and role == "Deny") or (required and "Allow" not in decisions):
            return emulator.cognito_error(
                chain.ROLE_ACCESS, f"Cognito is not allowed to use your email identity {arn}."
            )
    return None


def _role_for(account: str) -> emulator.Answer | None:
    if emulator.role_exists(account, authorization.SERVICE_LINKED_ROLE):
        return None
    refused = caller.refusal_to_create_service_linked_role(account)
    if refused is None:
        emulator.create_service_linked_role(authorization.SERVICE_LINKED_ROLE_SERVICE)
    return refused


def _not_verified(region: str, name: str) -> emulator.Answer:
    return _invalid(
        "Cognito received the following error from Amazon SES when attempting to send email: Email address is not "
        f"verified. The following identities failed the check in region {region.upper()}: {name}"
    )


def _invalid(message: str) -> emulator.Answer:
    return emulator.cognito_error("InvalidParameterException", message)
