"""Reads SES identities through SES v2: policies, verification and tags in one call that can be granted per identity."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.clients import Clients
from mailwarden.adapters.recent import Recent
from mailwarden.adapters.refusals import code_of, unread
from mailwarden.domain.readings import Identity, IdentityReading, Missing, Unread, VerificationStatus
from mailwarden.domain.subjects import IdentityRef

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import GetEmailIdentityResponseTypeDef

GET = "ses:GetEmailIdentity"
_MALFORMED = frozenset({"BadRequestException", "ParamValidationError"})


class SesIdentities:
    """The port ``Identities``, kept with SES v2; ``account`` is the one we run in.

    An answer of SES names no account: an identity of another account is never asked for, or ours of the same name
    would be taken for it.
    """

    def __init__(self, *, clients: Clients, account: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._account = account
        self._monotonic = monotonic
        self._recent = Recent[IdentityRef, Identity | Missing](monotonic=monotonic)

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        """One identity; ``fresh`` forbids an answer from the cache. What could not be read is asked for again."""
        kept = None if fresh else self._recent.get(identity)
        if kept is not None:
            return kept
        asked_at = self._monotonic()
        reading = self._read(identity)
        if not isinstance(reading, Unread):
            self._recent.keep(identity, reading, asked_at=asked_at)
        return reading

    def _read(self, identity: IdentityRef) -> IdentityReading:
        if identity.account != self._account:
            reason = f"the identity is in account {identity.account}"
            return Unread(action=GET, region=identity.region, reason=reason)
        try:
            answer = self._clients.sesv2(identity.region).get_email_identity(EmailIdentity=identity.name)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "NotFoundException":
                return Missing(arn=identity.arn)
            return unread(error, action=GET, region=identity.region, also=_MALFORMED)
        return _identity(identity, answer)


def _identity(ref: IdentityRef, answer: "GetEmailIdentityResponseTypeDef") -> Identity:
    status: str = answer.get("VerificationStatus", "")
    is_known = status in set(VerificationStatus)
    return Identity(
        ref=ref,
        is_domain=answer.get("IdentityType") != "EMAIL_ADDRESS",
        verified_for_sending=answer.get("VerifiedForSendingStatus", False),
        verification_status=VerificationStatus(status) if is_known else VerificationStatus.UNKNOWN,
        policies=answer.get("Policies", {}),
        tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])},
        configuration_set=answer.get("ConfigurationSetName"),
    )
