"""Reads and removes single addresses of the suppression list of an SES account. No address leaves this module.

AWS's responses may contain the address, and the URL of each call does: only the code of an error is passed on.
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
from mailwarden.message import Message, message

GET = "ses:GetSuppressedDestination"
DELETE = "ses:DeleteSuppressedDestination"

_NOT_THERE = "NotFoundException"
# Seconds before another look, while SES still shows the entry that was removed.
_UNTIL_SEEN = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSuppressedAddresses:
    """Implements the ports ``SuppressedAddresses`` and ``SuppressionRemover`` with SES v2.

    ``account`` is the deployment's, and the only one whose lists are read. ``sleep`` waits for seconds.
    """

    clients: Clients
    account: str
    sleep: Callable[[float], None]

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        """The current entry of one address on one account's list.

        A caller waits for the answer and there is no retry: a refused read is reported as unknown.
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
                return Refused(reason=message("unsuppress.list-unreadable", refusal=found.message))
            case NotSuppressed():
                return Drifted(reason=message("unsuppress.removed-by-another"))
            case SuppressedEntry() if (found.reason, found.since) != (change.reason, change.since):
                return Drifted(reason=message("unsuppress.another-entry", entry=_entry(found)))
            case SuppressedEntry():
                return self._delete(change, address, entry_id)

    def _delete(self, change: RemoveSuppression, address: str, entry_id: str) -> WriteOutcome:
        try:
            self.clients.sesv2(change.account.region).delete_suppressed_destination(EmailAddress=address)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == _NOT_THERE:
                if _was_repeated(error):
                    # Our own first attempt: its response was lost, so the SDK repeated it.
                    return self._verified(change, address, entry_id)
                return Drifted(reason=message("unsuppress.removed-by-another"))
            if may_have_been_done(error):
                return self._verified(change, address, entry_id, unanswered=code_of(error))
            return Refused(reason=_refused(error, change.account))
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
                    reason=message(
                        "unsuppress.not-answered", code=unanswered, action=DELETE, region=change.account.region
                    )
                )
            case SuppressedEntry():
                return SideEffect(reason=message("unsuppress.still-listed", entry=_entry(found)))
            case Unreadable():
                return SideEffect(reason=message("unsuppress.not-verified", refusal=found.message))


def _unread(account: SesAccountRef, reason: str) -> Unreadable:
    return Unreadable(action=GET, region=account.region, reason=reason)


def _refused(error: AwsError, account: SesAccountRef) -> Message:
    refusal = message("unreadable", code=code_of(error), action=DELETE, region=account.region)
    if is_throttle(error):
        return message("unsuppress.throttled", refusal=refusal)
    if code_of(error) == ACCESS_DENIED:
        return message("unsuppress.denied", refusal=refusal)
    return refusal


def _was_repeated(error: AwsError) -> bool:
    metadata = error.response.get("ResponseMetadata", {}) if isinstance(error, ClientError) else {}
    return metadata.get("RetryAttempts", 0) > 0


def _entry(entry: SuppressedEntry) -> Message:
    return message("suppressed-entry", reason=entry.reason, since=entry.since.isoformat(timespec="seconds"))
