"""Reads the parameters in a CloudTrail record: texts that are not hidden, and the word for EmailConfiguration."""

from mailwarden.documents.reader import JsonObject, text_in
from mailwarden.domain.refs.causes import EmailWord, VerificationWord

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


def visible_text_in(members: JsonObject, name: str) -> str | None:
    """A text that CloudTrail did not hide."""
    text = text_in(members, name)
    return None if text == HIDDEN else text


def email_word(parameters: object) -> EmailWord:
    """The word for EmailConfiguration in the parameters of UpdateUserPool; HIDDEN if they were cut or hidden.

    CloudTrail replaces parameters over 100 KB by a note, and any value by a text that marks it as hidden (CloudTrail
    user guide, "record contents"). No public record shows which spelling UpdateUserPool has: letter case is ignored.
    """
    by_name = members_by_name(parameters)
    if by_name is None:
        return EmailWord.HIDDEN
    if "emailconfiguration" not in by_name:
        return EmailWord.ABSENT if _names_its_pool(by_name) else EmailWord.HIDDEN
    email = by_name["emailconfiguration"]
    if not isinstance(email, dict):
        return EmailWord.NAMED
    members = {name.lower(): value for name, value in email.items()}
    default = EmailWord.CUSTOM_FROM if members.get("sourcearn") else EmailWord.DEFAULT
    mode = str(members.get("emailsendingaccount", "COGNITO_DEFAULT"))
    return {"DEVELOPER": EmailWord.IDENTITY, "COGNITO_DEFAULT": default}.get(mode, EmailWord.NAMED)


def verification_word(parameters: object) -> VerificationWord:
    """The word for AutoVerifiedAttributes in the parameters of UpdateUserPool; HIDDEN if they were cut or hidden."""
    by_name = members_by_name(parameters)
    if by_name is None:
        return VerificationWord.HIDDEN
    if "autoverifiedattributes" not in by_name:
        return VerificationWord.ABSENT if _names_its_pool(by_name) else VerificationWord.HIDDEN
    match by_name["autoverifiedattributes"]:
        case list() as attributes:
            return VerificationWord.EMAIL if "email" in attributes else VerificationWord.OTHERS
        case _:
            return VerificationWord.NAMED


def members_by_name(parameters: object) -> dict[str, object] | None:
    """The members of an object by their names in lower case; None if they were cut or hidden."""
    if not isinstance(parameters, dict):
        return None
    by_name = {name.lower(): value for name, value in parameters.items()}
    return None if "omitted" in by_name else by_name


def _names_its_pool(by_name: JsonObject) -> bool:
    return visible_text_in(by_name, "userpoolid") is not None
