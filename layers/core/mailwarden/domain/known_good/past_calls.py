"""The calls of UpdateUserPool in the history of CloudTrail, as far as their records show them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mailwarden.documents.reader import Members
from mailwarden.domain.known_good.origin import NAMING
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.call_records import HIDDEN, email_word, members_by_name, visible_text_in
from mailwarden.domain.refs.call_words import EmailWord

# EmailConfigurationType (Cognito API reference), in lower case.
_MEMBERS = {
    "sourcearn": "source_arn",
    "from": "from_address",
    "replytoemailaddress": "reply_to",
    "configurationset": "configuration_set",
}
_MODE = "emailsendingaccount"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call of UpdateUserPool that may be one of a pool; ``at`` is cut to seconds, as in records.

    ``sets`` is the EmailConfiguration that it sets, None unless the record shows all of it. ``failed``: it wrote
    nothing, and its record shows that its caller wanted to set EmailConfiguration.
    """

    event_id: str
    at: datetime
    email: EmailWord
    sets: EmailConfiguration | None = None
    failed: bool = False


def past_call_in(record: Members, *, pool_id: str) -> PastCall | None:
    """The call in a record of UpdateUserPool, if it may be one of the pool; raises MalformedDocument.

    A record that hides the id of its pool may be one of this pool. A call that failed is left out unless it names
    EmailConfiguration.
    """
    raw = record.values.get("requestParameters")
    named = visible_text_in(members_by_name(raw) or {}, "userpoolid")
    if named is not None and named != pool_id:
        return None
    word, failed = email_word(raw), record.has("errorCode")
    if failed and word not in NAMING:
        return None
    return PastCall(
        event_id=record.text("eventID"),
        at=record.time("eventTime").astimezone(UTC),
        email=word,
        sets=None if failed else _email_in(raw),
        failed=failed,
    )


def _email_in(parameters: object) -> EmailConfiguration | None:
    """The EmailConfiguration in parameters; None if they hide a part of it, or name a member that is not known here."""
    email = (members_by_name(parameters) or {}).get("emailconfiguration")
    members = members_by_name(email)
    if members is None or not members.keys() <= {*_MEMBERS, _MODE}:
        return None
    texts = {name: value for name, value in members.items() if isinstance(value, str) and value != HIDDEN}
    if texts.keys() != members.keys():
        return None
    mode = texts.pop(_MODE, SenderMode.COGNITO_DEFAULT.value)
    if mode not in {SenderMode.DEVELOPER.value, SenderMode.COGNITO_DEFAULT.value}:
        return None
    return EmailConfiguration(
        sending_account=SenderMode(mode), **{_MEMBERS[name]: value for name, value in texts.items()}
    )
