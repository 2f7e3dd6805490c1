"""The texts of a pool's mail that its owner may write."""

import re
from collections.abc import Mapping
from enum import StrEnum


class MailTemplate(StrEnum):
    """A text of a pool's mail, by its member."""

    CODE = "VerificationMessageTemplate.EmailMessage"
    LINK = "VerificationMessageTemplate.EmailMessageByLink"
    INVITATION = "AdminCreateUserConfig.InviteMessageTemplate.EmailMessage"


# The patterns of EmailVerificationMessageType and EmailVerificationMessageByLinkType (Cognito service model).
_CODE = re.compile(r"\{####\}")
_PLACEHOLDERS: Mapping[MailTemplate, re.Pattern[str]] = {
    MailTemplate.CODE: _CODE,
    MailTemplate.LINK: re.compile(r"\{##.*##\}", re.DOTALL),
    MailTemplate.INVITATION: _CODE,
}


def without_placeholder(texts: Mapping[MailTemplate, str | None]) -> tuple[MailTemplate, ...]:
    """The texts without their placeholder, in the order of the members; one that is not set is Cognito's own."""
    return tuple(
        each for each in MailTemplate if (text := texts.get(each)) and _PLACEHOLDERS[each].search(text) is None
    )
