"""Reads the parameters in a CloudTrail record: texts that are not hidden, and the word for EmailConfiguration."""

from mailwarden.documents.reader import JsonObject, text_in
from mailwarden.domain.refs.causes import EmailWord

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
    if not isinstance(parameters, dict) or "omitted" in parameters:
        return EmailWord.HIDDEN
    by_name = {name.lower(): value for name, value in parameters.items()}
    if "emailconfiguration" not in by_name:
        return EmailWord.HIDDEN if visible_text_in(parameters, "userPoolId") is None else EmailWord.ABSENT
    email = by_name["emailconfiguration"]
    if not isinstance(email, dict):
        return EmailWord.NAMED
    members = {name.lower(): value for name, value in email.items()}
    default = EmailWord.CUSTOM_FROM if members.get("sourcearn") else EmailWord.DEFAULT
    mode = str(members.get("emailsendingaccount", "COGNITO_DEFAULT"))
    return {"DEVELOPER": EmailWord.IDENTITY, "COGNITO_DEFAULT": default}.get(mode, EmailWord.NAMED)
