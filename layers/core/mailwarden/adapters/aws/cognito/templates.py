"""Finds the texts of a pool's mail that lack the placeholder for the code, the link or the temporary password."""

from typing import TYPE_CHECKING

from mailwarden.domain.refs.mail_templates import MailTemplate, without_placeholder

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UserPoolTypeTypeDef

# Factors that need no password (Cognito API reference, SignInPolicyType).
_WITHOUT_PASSWORD = frozenset({"EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"})


def templates_without_code(pool: "UserPoolTypeTypeDef") -> tuple[MailTemplate, ...]:
    """The texts in use without their placeholder, in the order of the members; a text that is not set is Cognito's."""
    template = pool.get("VerificationMessageTemplate", {})
    by_link = template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK"
    return without_placeholder(
        {
            # The legacy member has the same text; a forgotten password is answered by a code in every pool.
            MailTemplate.CODE: template.get("EmailMessage") or pool.get("EmailVerificationMessage"),
            MailTemplate.LINK: template.get("EmailMessageByLink") if by_link else None,
            MailTemplate.INVITATION: pool.get("AdminCreateUserConfig", {})
            .get("InviteMessageTemplate", {})
            .get("EmailMessage"),
        }
    )


def is_passwordless(pool: "UserPoolTypeTypeDef") -> bool:
    """Whether users may sign in without a password."""
    factors = pool.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ())
    return not _WITHOUT_PASSWORD.isdisjoint(factors)
