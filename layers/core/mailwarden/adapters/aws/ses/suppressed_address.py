"""Looks addresses up on the suppression list of an SES account, and takes them from it. No address leaves this module.

What AWS answers may hold the address, and the URL of each call does: of an error only its code is passed on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import ACCESS_DENIED, AwsError, code_of, is_throttle, may_have_been_done
from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.suppressed_address import NotSuppressed, SuppressedEntry, SuppressionReading
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written

GET = "ses:GetSuppressedDestination"
DELETE = "ses:DeleteSuppressedDestination"

_NOT_THERE = "NotFoundException"
# Seconds before another look, while SES still shows the entry that was removed.
_UNTIL_SEEN = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSuppressedAddresses:
    """The ports ``SuppressedAddresses`` and ``SuppressionRemover``, kept with SES v2.

    ``account`` is the one we run in, and the only one whose lists are read. ``sleep`` takes seconds.
    """

    clients: Clients
    account: str
    sleep: Callable[[float], None]

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        """One address on one account's list, as it is now.

        A person waits for the answer, and no second delivery would bring another: whatever AWS refuses is not known.
        """
        if account.account != self.account:
            return _unread(account, f"it is account {account.account}'s")
        try:
            answer = self.clients.sesv2(account.region).get_suppressed_destination(EmailAddress=address)
        except (ClientError, BotoCoreError) as error:
            return NotSuppressed() if code_of(error) == _NOT_THERE else _unread(account, code_of(error))
        found = answer["SuppressedDestination"]
        attributes = found.get("Attributes", {})
        return SuppressedEntry(
            reason=found["Reason"],
            since=found["LastUpdateTime"].astimezone(UTC),
            message_id=attributes.get("MessageId"),
            feedback_id=attributes.get("FeedbackId"),
        )

    def remove(self, change: RemoveSuppression, address: str, *, entry_id: str) -> WriteOutcome:
        """Remove the entry if it is still the one of *change*, and look again; the journal entry must exist already."""
        found = self.read(change.account, address)
        match found:
            case Unreadable():
                return Refused(detail=f"the list could not be read, and nothing is removed unseen: {found}")
            case NotSuppressed():
                return Drifted(detail="somebody else removed the address from the list meanwhile")
            case SuppressedEntry() if (found.reason, found.since) != (change.reason, change.since):
                return Drifted(detail=f"the list has another entry for the address now: {_told(found)}")
            case SuppressedEntry():
                return self._delete(change, address, entry_id)

    def _delete(self, change: RemoveSuppression, address: str, entry_id: str) -> WriteOutcome:
        try:
            self.clients.sesv2(change.account.region).delete_suppressed_destination(EmailAddress=address)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == _NOT_THERE:
                if _was_repeated(error):
                    # Our own first attempt, whose answer was lost; the SDK repeated it.
                    return self._verified(change, address, entry_id)
                return Drifted(detail="somebody else removed the address from the list meanwhile")
            if may_have_been_done(error):
                return self._verified(change, address, entry_id, unanswered=code_of(error))
            return Refused(detail=_refused(error, change.account))
        return self._verified(change, address, entry_id)

    def _verified(
        self, change: RemoveSuppression, address: str, entry_id: str, *, unanswered: str | None = None
    ) -> WriteOutcome:
        found = self.read(change.account, address)
        for pause in _UNTIL_SEEN:
            if isinstance(found, NotSuppressed):
                break
            self.sleep(pause)
            found = self.read(change.account, address)
        match found:
            case NotSuppressed():
                return Written(entry_id=entry_id)
            case SuppressedEntry(since=since) if unanswered is not None and since == change.since:
                return Refused(
                    detail=f"{unanswered}: {DELETE} in {change.account.region}, and the entry is still there"
                )
            case SuppressedEntry():
                return SideEffect(detail=f"the removal was taken, but the address is on the list: {_told(found)}")
            case Unreadable():
                return SideEffect(
                    detail=f"the removal was sent, but the look afterwards failed, so nobody knows what it did: {found}"
                )


def _unread(account: SesAccountRef, reason: str) -> Unreadable:
    return Unreadable(action=GET, region=account.region, reason=reason)


def _refused(error: AwsError, account: SesAccountRef) -> str:
    told = f"{code_of(error)}: {DELETE} in {account.region}"
    if is_throttle(error):
        return f"{told}; nothing was removed, it may be tried again in a moment"
    if code_of(error) == ACCESS_DENIED:
        return f"{told}; the function's role, or a policy above it, does not allow it"
    return told


def _was_repeated(error: AwsError) -> bool:
    metadata = error.response.get("ResponseMetadata", {}) if isinstance(error, ClientError) else {}
    return metadata.get("RetryAttempts", 0) > 0


def _told(entry: SuppressedEntry) -> str:
    return f"{entry.reason}, since {entry.since.isoformat(timespec='seconds')}"
