"""Changes the EmailConfiguration of a user pool and nothing else; refuses what it is not certain of.

UpdateUserPool has no conditional form: the writer reads and compares before it writes, writes the whole pool back, then
reads again and compares everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from mailwarden.adapters.aws.clients import LONGEST_CALL, LONGEST_POOL_WRITE, Clients
from mailwarden.adapters.aws.cognito.writer.diff import (
    differing_in_meaning,
    differing_members,
    mfa_differences,
    pool_differences,
)
from mailwarden.adapters.aws.cognito.writer.request import CannotBeSentBack, kms_members, update_request
from mailwarden.adapters.aws.cognito.writer.snapshot import Look, PoolLooks, gone
from mailwarden.adapters.aws.errors import AwsError, code_of, message_of
from mailwarden.adapters.aws.guarded_write import Deadline, GuardedWrite, Taken, WriteTime
from mailwarden.adapters.aws.raw_responses import RawMembers
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import SenderMode
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.message import Message, message, verbatim

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UpdateUserPoolRequestTypeDef

UPDATE = "cognito-idp:UpdateUserPool"

# Seconds before the second, third and fourth attempt, and before the look after a lost response to the last one.
_PAUSES = (0.3, 0.9, 2.7)
# Seconds before another look, while the pool still shows the old EmailConfiguration.
_UNTIL_SEEN = (0.2, 0.6, 1.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoWriter:
    """Carries out ReplaceEmailConfiguration. ``account`` is the deployment's; pools of other accounts are refused."""

    clients: Clients
    account: str
    time: WriteTime

    def write(self, change: ReplaceEmailConfiguration, *, entry_id: str) -> WriteResult:
        """Write ``after`` if ``before`` is live. Raises an error only if AWS certainly wrote nothing."""
        reason = _why_never(change, self.account)
        if reason is not None:
            return Refused(reason=reason)
        looks, deadline = PoolLooks(clients=self.clients), self.time.begin()
        first = deadline.read(lambda: looks.before(change.pool), longest=LONGEST_CALL)
        if not isinstance(first, Look):
            return first
        moved = _drift(change, first)
        if moved is not None:
            return Drifted(reason=moved)
        mfa = deadline.read(lambda: looks.mfa_before(change.pool), longest=LONGEST_CALL)
        if isinstance(mfa, Drifted | Refused):
            return mfa
        reason = _why_not_this_pool(change, first.members, mfa)
        if reason is not None:
            return Refused(reason=reason)
        try:
            request = self._request(change, first)
        except CannotBeSentBack as error:
            return Refused(reason=message("write.pool-not-expressible", problem=error.said))
        sent = self._update(change, request, first, looks, deadline).carry_out()
        if not isinstance(sent, Taken):
            return sent
        return self._verify(change, sent, mfa, looks, deadline, entry_id)

    def _request(self, change: ReplaceEmailConfiguration, pool: Look) -> Mapping[str, object]:
        model = self.clients.cognito_writing(change.pool.region).meta.service_model
        # The mode is always sent: without it, a default would decide.
        email = {"EmailSendingAccount": change.after.mode.value} | email_document(change.after)
        return update_request(pool.members, model.operation_model("UpdateUserPool").input_shape, email=email)

    def _update(
        self,
        change: ReplaceEmailConfiguration,
        request: Mapping[str, object],
        first: Look,
        looks: PoolLooks,
        deadline: Deadline,
    ) -> GuardedWrite[Look]:
        client = self.clients.cognito_writing(change.pool.region)
        return GuardedWrite(
            resource=change.resource,
            deadline=deadline,
            look=lambda: looks.before(change.pool),
            drift=lambda look: _drift(change, look) or _movement(first, look),
            is_written=lambda look: not differing_in_meaning(change.after, look.email),
            # The request was built from the model; botocore validates it before it is sent.
            send=lambda: client.update_user_pool(**cast("UpdateUserPoolRequestTypeDef", request)),
            refused=_refused,
            moved=gone,
            pauses=_PAUSES,
            longest=LONGEST_CALL + LONGEST_POOL_WRITE,
            # The look after the write, twice, and the one at the MFA configuration.
            reserve=3 * LONGEST_CALL,
        )

    def _verify(
        self,
        change: ReplaceEmailConfiguration,
        sent: Taken[Look],
        mfa: RawMembers,
        looks: PoolLooks,
        deadline: Deadline,
        entry_id: str,
    ) -> WriteResult:
        try:
            live = deadline.read_until(
                lambda: looks.pool(change.pool),
                lambda look: look.email != change.before,
                pauses=_UNTIL_SEEN,
                longest=2 * LONGEST_CALL,
            )
            if live.email == change.before:
                return Unconfirmed(reason=message("write.not-visible"), window=sent.window)
            live_mfa = deadline.read(lambda: looks.mfa(change.pool), longest=LONGEST_CALL)
        except (ClientError, BotoCoreError) as error:
            return _unverified(code_of(error), sent)
        except MalformedDocument:
            return _unverified("UnexpectedResponse", sent)
        wrong = (
            *(f"EmailConfiguration.{name}" for name in differing_in_meaning(change.after, live.email)),
            *pool_differences(sent.over.members, live.members),
            *(f"MfaConfiguration.{path}" for path in mfa_differences(mfa, live_mfa)),
        )
        if wrong:
            return SideEffect(reason=message("write.also-changed", members=wrong), window=sent.window)
        return Written(entry_id=entry_id, window=sent.window)


def _unverified(reason: str, sent: Taken[Look]) -> Unconfirmed:
    return Unconfirmed(reason=message("write.not-verified", code=reason), window=sent.window)


def _refused(error: AwsError) -> Refused:
    if isinstance(error, ParamValidationError):
        return Refused(reason=message("write.pool-not-valid", error=verbatim(str(error))))
    return Refused(reason=message("write.refused", action=UPDATE, error=message_of(error)))


def _drift(change: ReplaceEmailConfiguration, look: Look) -> Message | None:
    """Why the pool is not the one that was decided about; None if it is, as far as the change names it."""
    differing = differing_members(change.before, look.email)
    if differing:
        return message("write.email-moved", members=differing)
    if change.modified is not None and change.modified != look.modified:
        return message("write.pool-written")
    return None


def _movement(first: Look, look: Look) -> Message | None:
    differing = pool_differences(first.members, look.members)
    if differing:
        return message("write.pool-moved", members=differing)
    if first.members.get("LastModifiedDate") != look.members.get("LastModifiedDate"):
        return message("write.pool-written")
    return None


def _why_never(change: ReplaceEmailConfiguration, account: str) -> Message | None:
    """Why the change itself is invalid (Cognito API reference, EmailConfigurationType), or None."""
    before, after = change.before, change.after
    if change.pool.account != account:
        return message("write.pool-of-another-account", account=change.pool.account)
    if not differing_in_meaning(before, after):
        return message("write.no-change")
    if after.mode is SenderMode.UNKNOWN:
        return message("write.unknown-mode")
    if after.mode is SenderMode.COGNITO_DEFAULT and after.from_address is not None:
        return message("write.from-on-default-sender")
    if after.mode is SenderMode.DEVELOPER and not after.source_arn:
        return message("write.no-source-arn")
    return None


def _why_not_this_pool(change: ReplaceEmailConfiguration, pool: RawMembers, mfa: RawMembers) -> Message | None:
    """The property of the pool that forbids any write to it."""
    keys = kms_members(pool)
    if keys:
        # It is unknown whether sending a key again requires permissions for the key.
        return message("write.bound-to-a-key", members=keys)
    if change.after.mode is SenderMode.COGNITO_DEFAULT and mfa.get("EmailMfaConfiguration") is not None:
        # The API refuses the opposite order of the two with this message.
        return message("write.email-mfa")
    return None
