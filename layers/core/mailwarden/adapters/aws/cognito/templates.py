"""Finds the texts of a pool's mail that lack the placeholder for the code, the link or the temporary password."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailwarden.domain.refs.mail_templates import MailTemplate

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UserPoolTypeTypeDef

# The patterns of EmailVerificationMessageType and EmailVerificationMessageByLinkType (Cognito service model).
_CODE, _LINK = re.compile(r"\{####\}"), re.compile(r"\{##.*##\}", re.DOTALL)
# Factors that need no password (Cognito API reference, SignInPolicyType).
_WITHOUT_PASSWORD = frozenset({"EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"})


def templates_without_code(pool: "UserPoolTypeTypeDef") -> tuple[MailTemplate, ...]:
    """The texts in use without their placeholder, in the order of the members; a text that is not set is Cognito's."""
    return tuple(_without(pool))


def _without(pool: "UserPoolTypeTypeDef") -> Iterator[MailTemplate]:
    template = pool.get("VerificationMessageTemplate", {})
    # The legacy member has the same text; a forgotten password is answered by a code in every pool.
    code = template.get("EmailMessage") or pool.get("EmailVerificationMessage")
    if code and not _CODE.search(code):
        yield MailTemplate.CODE
    link = template.get("EmailMessageByLink")
    by_link = template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK"
    if link and by_link and not _LINK.search(link):
        yield MailTemplate.LINK
    invitation = pool.get("AdminCreateUserConfig", {}).get("InviteMessageTemplate", {}).get("EmailMessage")
    if invitation and not _CODE.search(invitation):
        yield MailTemplate.INVITATION


def is_passwordless(pool: "UserPoolTypeTypeDef") -> bool:
    """Whether users may sign in without a password."""
    factors = pool.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ())
    return not _WITHOUT_PASSWORD.isdisjoint(factors)
