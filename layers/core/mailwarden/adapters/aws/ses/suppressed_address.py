"""Reads and removes single addresses of the suppression list of an SES account. No address leaves this module.

AWS's responses may contain the address, and the URL of each call does: only the code of an error is passed on.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import LONGEST_CALL, Clients
from mailwarden.adapters.aws.errors import ACCESS_DENIED, AwsError, code_of, is_throttle, without_member
from mailwarden.adapters.aws.guarded_write import Deadline, GuardedWrite, Taken, WriteTime
from mailwarden.adapters.aws.response_bodies import MissingMember
from mailwarden.adapters.aws.write_answers import WriteAnswer, write_answer
from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.suppressed_address import NotSuppressed, SuppressedEntry, SuppressionReading
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, message

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

GET = "ses:GetSuppressedDestination"
DELETE = "ses:DeleteSuppressedDestination"

_NOT_THERE = "NotFoundException"
# Seconds before the next attempt: SES grants one such call a second.
_PAUSES = (1.1, 2.2, 4.4)
# Seconds before another look, while SES still shows the entry that was removed.
_UNTIL_SEEN = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SesSuppressedAddresses:
    """Implements the ports ``SuppressedAddresses`` and ``SuppressionRemover`` with SES v2.

    ``account`` is the deployment's, and the only one whose lists are read.
    """

    clients: Clients
    account: str
    time: WriteTime

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        """The current entry of one address on one account's list.

        A caller waits for the answer: a refused read is reported as unknown.
        """
        if account.account != self.account:
            return _unread(account, OwnReason.OTHER_ACCOUNT, about=account.account)
        try:
            return _entry_of(self.clients.sesv2(account.region), address)
        except MissingMember as error:
            return without_member(error.member, action=GET, region=account.region)
        except (ClientError, BotoCoreError) as error:
            return _unread(account, code_of(error))

    def remove(self, change: RemoveSuppression, address: str, *, entry_id: str) -> WriteResult:
        """Remove the entry if it is still the one of *change*, and look again; the journal entry must exist already.

        Raises nothing: a person waits for the answer, and gives the order again.
        """
        client, deadline = self.clients.sesv2_once(change.account.region), self.time.begin()
        removal = GuardedWrite[SuppressedEntry | NotSuppressed](
            resource=change.resource,
            deadline=deadline,
            look=lambda: _look(client, change, address),
            drift=lambda found: _drift(change, found),
            is_written=lambda found: isinstance(found, NotSuppressed),
            send=lambda: client.delete_suppressed_destination(EmailAddress=address),
            refused=lambda error: Refused(reason=_refused(error, change.account)),
            moved=lambda _: Drifted(reason=message("unsuppress.removed-by-another")),
            pauses=_PAUSES,
            longest=2 * LONGEST_CALL,
            reserve=2 * LONGEST_CALL,
            describe=lambda error: _refusal(error, change.account),
        )
        try:
            sent = removal.carry_out()
        except (ClientError, BotoCoreError) as error:
            return Refused(reason=_refused(error, change.account))
        if not isinstance(sent, Taken):
            return sent
        return _verify(client, change, address, sent.window, deadline, entry_id)


def _entry_of(client: "SESV2Client", address: str) -> SuppressedEntry | NotSuppressed:
    """The entry of an address; raises every error but that there is none."""
    try:
        found = client.get_suppressed_destination(EmailAddress=address)["SuppressedDestination"]
    except ClientError as error:
        if code_of(error) == _NOT_THERE:
            return NotSuppressed()
        raise
    attributes = found.get("Attributes", {})
    return SuppressedEntry(
        reason=found["Reason"],
        since=found["LastUpdateTime"].astimezone(UTC),
        message_id=attributes.get("MessageId"),
        feedback_id=attributes.get("FeedbackId"),
    )


def _look(
    client: "SESV2Client", change: RemoveSuppression, address: str
) -> SuppressedEntry | NotSuppressed | Drifted | Refused:
    try:
        return _entry_of(client, address)
    except (ClientError, BotoCoreError) as error:
        if write_answer(error) is WriteAnswer.REFUSED:
            refusal = message("unreadable", code=code_of(error), action=GET, region=change.account.region)
            return Refused(reason=message("unsuppress.list-unreadable", refusal=refusal))
        raise


def _drift(change: RemoveSuppression, found: SuppressedEntry | NotSuppressed) -> Message | None:
    if isinstance(found, NotSuppressed):
        return message("unsuppress.removed-by-another")
    if (found.reason, found.since) != (change.reason, change.since):
        return message("unsuppress.another-entry", entry=_entry(found))
    return None


def _verify(
    client: "SESV2Client",
    change: RemoveSuppression,
    address: str,
    window: WriteWindow,
    deadline: Deadline,
    entry_id: str,
) -> WriteResult:
    try:
        found = deadline.read_until(
            lambda: _entry_of(client, address),
            lambda entry: isinstance(entry, NotSuppressed),
            pauses=_UNTIL_SEEN,
            longest=LONGEST_CALL,
        )
    except (ClientError, BotoCoreError) as error:
        refusal = message("unreadable", code=code_of(error), action=GET, region=change.account.region)
        return Unconfirmed(reason=message("unsuppress.not-verified", refusal=refusal), window=window)
    match found:
        case NotSuppressed():
            return Written(entry_id=entry_id, window=window)
        case SuppressedEntry(since=since) if since == change.since:
            return Unconfirmed(reason=message("write.not-visible"), window=window)
        case SuppressedEntry():
            return SideEffect(reason=message("unsuppress.still-listed", entry=_entry(found)), window=window)


def _unread(account: SesAccountRef, reason: str, *, about: str = "") -> Unreadable:
    return Unreadable(action=GET, region=account.region, reason=reason, about=about)


def _refusal(error: AwsError, account: SesAccountRef) -> Message:
    return message("unreadable", code=code_of(error), action=DELETE, region=account.region)


def _refused(error: AwsError, account: SesAccountRef) -> Message:
    refusal = _refusal(error, account)
    if is_throttle(error):
        return message("unsuppress.throttled", refusal=refusal)
    if code_of(error) == ACCESS_DENIED:
        return message("unsuppress.denied", refusal=refusal)
    return refusal


def _entry(entry: SuppressedEntry) -> Message:
    return message("suppressed-entry", reason=entry.reason, since=entry.since.isoformat(timespec="seconds"))
