"""The texts of a pool's mail that its owner may write."""

from enum import StrEnum


class MailTemplate(StrEnum):
    """A text of a pool's mail, by its member."""

    CODE = "VerificationMessageTemplate.EmailMessage"
    LINK = "VerificationMessageTemplate.EmailMessageByLink"
    INVITATION = "AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"
