"""Reads the parameters in a CloudTrail record: texts that are not hidden, and the words for what a call sets."""

from mailwarden.documents.reader import JsonObject, text_in
from mailwarden.domain.refs.call_words import EmailWord, NoticesWord, VerificationWord

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_TAKEOVER = "accounttakeoverriskconfiguration"
_RISK_PARTS = (_TAKEOVER, "compromisedcredentialsriskconfiguration", "riskexceptionconfiguration")


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


def notices_word(parameters: object) -> NoticesWord | None:
    """The word for the sender of notices in the parameters of SetRiskConfiguration; None for a single app client.

    A call that names no part resets the whole configuration (Cognito API reference, SetRiskConfiguration).
    """
    by_name = members_by_name(parameters)
    if by_name is None or not _names_its_pool(by_name):
        return NoticesWord.HIDDEN
    if by_name.get("clientid") is not None:
        return None
    parts = {name for name in _RISK_PARTS if by_name.get(name) is not None}
    if _TAKEOVER not in parts:
        return NoticesWord.ABSENT if parts else NoticesWord.NONE
    takeover = members_by_name(by_name[_TAKEOVER])
    if takeover is None:
        return NoticesWord.NAMED
    if takeover.get("notifyconfiguration") is not None:
        return NoticesWord.SENDER
    return _word_of_actions(takeover.get("actions"))


def _word_of_actions(actions: object) -> NoticesWord:
    """The word of responses without a sender: whether any of them is to notify."""
    by_name = members_by_name(actions)
    if by_name is None:
        return NoticesWord.NAMED
    each = [members_by_name(action) for action in by_name.values() if action is not None]
    if any(action is None for action in each):
        return NoticesWord.NAMED
    notifies = any(action.get("notify") is True for action in each if action is not None)
    return NoticesWord.ABSENT if notifies else NoticesWord.NONE


def members_by_name(parameters: object) -> dict[str, object] | None:
    """The members of an object by their names in lower case; None if they were cut or hidden."""
    if not isinstance(parameters, dict):
        return None
    by_name = {name.lower(): value for name, value in parameters.items()}
    return None if "omitted" in by_name else by_name


def _names_its_pool(by_name: JsonObject) -> bool:
    return visible_text_in(by_name, "userpoolid") is not None
