"""Carries out one UpdateUserPool: compare, send, and find the result when the response is lost.

The SDK must not repeat this call by itself: each attempt is preceded by a comparison of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.writer.diff import differing_in_meaning, differing_members, pool_differences
from mailwarden.adapters.aws.cognito.writer.snapshot import Look, PoolLooks
from mailwarden.adapters.aws.errors import (
    ACCESS_DENIED,
    AwsError,
    code_of,
    is_throttle,
    may_have_been_done,
    message_of,
)
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect
from mailwarden.domain.repair.write_window import ReportWindow, WriteWindow
from mailwarden.message import Message, message, verbatim
from mailwarden.ports.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UpdateUserPoolRequestTypeDef

UPDATE = "cognito-idp:UpdateUserPool"

# Errors that a retry does not fix (Cognito API reference, UpdateUserPool, errors).
_FINAL = frozenset(
    {
        ACCESS_DENIED,
        "FeatureUnavailableInTierException",
        "InvalidEmailRoleAccessPolicyException",
        "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException",
        "NotAuthorizedException",
        "OperationNotEnabledException",
        "TierChangeNotAllowedException",
        "UserImportInProgressException",
        "UserPoolTaggingException",
    },
)
# "Only one request to update this UserPool can be processed at a time"; botocore does not retry it.
_BUSY = "ConcurrentModificationException"
_GONE = "ResourceNotFoundException"
# Seconds before the second, third and fourth attempt, and before the look after a lost response to the last one.
_PAUSES = (0.3, 0.9, 2.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The write is in effect; ``over`` is the pool just before the write."""

    over: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """The last look before an attempt, which still matched ``before``, and when it was sent."""

    look: Look
    opened_at: datetime
    opened: float


type _Stopped = Drifted | Refused | SideEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUpdate:
    """Sends a request if the pool has not changed since the first look."""

    clients: Clients
    looks: PoolLooks
    clock: Clock
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    report_window: ReportWindow

    def carry_out(
        self,
        change: ReplaceEmailConfiguration,
        request: Mapping[str, object],
        first: Look,
    ) -> Taken | _Stopped:
        """Make up to four attempts while Cognito is busy, throttles or does not answer; then raise its last error."""
        lost: _Compared | None = None
        error: AwsError
        for pause in (0.0, *_PAUSES):
            self.sleep(pause)
            compared = self._compare(change, first, lost)
            if not isinstance(compared, _Compared):
                return compared
            answer = self._send(change, request)
            if answer is None:
                self._report(change, compared)
                return Taken(over=compared.look)
            if isinstance(answer, Drifted | Refused):
                return answer
            error = answer
            if may_have_been_done(error):
                lost = compared
        if lost is not None:
            self.sleep(_PAUSES[-1])
            compared = self._compare(change, first, lost)
            if not isinstance(compared, _Compared):
                return compared
        raise error

    def _compare(
        self,
        change: ReplaceEmailConfiguration,
        first: Look,
        lost: _Compared | None,
    ) -> _Compared | Taken | _Stopped:
        opened_at, opened = self.clock.now(), self.monotonic()
        look = self.looks.before(change.pool)
        if not isinstance(look, Look):
            return look if lost is None else _unclear(look.reason)
        if lost is not None and not differing_in_meaning(change.after, look.email):
            self._report(change, lost)
            return Taken(over=lost.look)
        moved = drift(change, look) or _movement(first, look)
        if moved is None:
            return _Compared(look=look, opened_at=opened_at, opened=opened)
        return Drifted(reason=moved) if lost is None else _unclear(moved)

    def _send(
        self,
        change: ReplaceEmailConfiguration,
        request: Mapping[str, object],
    ) -> Drifted | Refused | AwsError | None:
        client = self.clients.cognito_writing(change.pool.region)
        try:
            # The request was built from the model; botocore validates it before it is sent.
            client.update_user_pool(**cast("UpdateUserPoolRequestTypeDef", request))
        except ParamValidationError as error:
            return Refused(reason=message("write.pool-not-valid", error=verbatim(str(error))))
        except (ClientError, BotoCoreError) as error:
            if code_of(error) in _FINAL:
                return Refused(reason=message("write.refused", action=UPDATE, error=message_of(error)))
            if code_of(error) == _GONE:
                return Drifted(reason=message("write.pool-gone"))
            if code_of(error) == _BUSY or is_throttle(error) or may_have_been_done(error):
                return error
            raise
        return None

    def _report(self, change: ReplaceEmailConfiguration, compared: _Compared) -> None:
        length = timedelta(seconds=self.monotonic() - compared.opened)
        self.report_window(
            WriteWindow(
                resource=change.resource, compared_at=compared.opened_at, written_at=compared.opened_at + length
            ),
        )


def drift(change: ReplaceEmailConfiguration, look: Look) -> Message | None:
    """The members of the live EmailConfiguration that differ from ``before``, as a message; None if none does."""
    differing = differing_members(change.before, look.email)
    return message("write.email-moved", members=differing) if differing else None


def _movement(first: Look, look: Look) -> Message | None:
    differing = pool_differences(first.members, look.members)
    if differing:
        return message("write.pool-moved", members=differing)
    if first.members.get("LastModifiedDate") != look.members.get("LastModifiedDate"):
        return message("write.pool-written")
    return None


def _unclear(reason: Message) -> SideEffect:
    return SideEffect(reason=message("write.no-response", reason=reason))
