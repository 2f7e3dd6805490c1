"""Reads SES identities with SES v2: one call per identity returns policies, verification and tags."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.readings import (
    Dkim,
    Identity,
    IdentityReading,
    MailFrom,
    Missing,
    OwnReason,
    Unreadable,
    VerificationStatus,
)
from mailwarden.domain.refs.resources import IdentityRef

if TYPE_CHECKING:
    from mypy_boto3_sesv2.type_defs import (
        DkimAttributesTypeDef,
        GetEmailIdentityResponseTypeDef,
        MailFromAttributesTypeDef,
    )

GET = "ses:GetEmailIdentity"
# An identity of another type has the form of one of the two.
_IS_DOMAIN: Mapping[str, bool] = {"EMAIL_ADDRESS": False, "DOMAIN": True, "MANAGED_DOMAIN": True}
_REJECTS: Mapping[str, bool] = {"REJECT_MESSAGE": True, "USE_DEFAULT_VALUE": False}


class SesIdentities:
    """Implements the port ``Identities`` with SES v2; ``account`` is the deployment's.

    SES responses name no account. So identities of other accounts are never read: ours of the same name would be
    mistaken for them.
    """

    def __init__(self, *, clients: Clients, account: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._account = account
        self._monotonic = monotonic
        self._recent = TtlCache[IdentityRef, Identity | Missing](monotonic=monotonic)

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        """One identity; ``fresh`` bypasses the cache. A failed read is not cached."""
        kept = None if fresh else self._recent.get(identity)
        if kept is not None:
            return kept
        asked_at = self._monotonic()
        reading = self._read(identity)
        if not isinstance(reading, Unreadable):
            self._recent.keep(identity, reading, asked_at=asked_at)
        return reading

    def _read(self, identity: IdentityRef) -> IdentityReading:
        if identity.account != self._account:
            return Unreadable(
                action=GET, region=identity.region, reason=OwnReason.OTHER_ACCOUNT, about=identity.account
            )
        try:
            answer = self._clients.sesv2(identity.region).get_email_identity(EmailIdentity=identity.name)
        except (ClientError, BotoCoreError) as error:
            if code_of(error) == "NotFoundException":
                return Missing(arn=identity.arn)
            return unread(error, action=GET, region=identity.region)
        return _identity(identity, answer)


def _identity(ref: IdentityRef, answer: "GetEmailIdentityResponseTypeDef") -> Identity:
    status: str = answer.get("VerificationStatus", "")
    is_known = status in set(VerificationStatus)
    checks = answer.get("VerificationInfo", {})
    return Identity(
        ref=ref,
        is_domain=_IS_DOMAIN.get(answer.get("IdentityType", ""), not ref.is_address),
        verified_for_sending=answer.get("VerifiedForSendingStatus", False),
        verification_status=VerificationStatus(status) if is_known else VerificationStatus.UNKNOWN,
        policies=answer.get("Policies", {}),
        tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])},
        configuration_set=answer.get("ConfigurationSetName"),
        dkim=_dkim(answer.get("DkimAttributes")),
        mail_from=_mail_from(answer.get("MailFromAttributes", {})),
        feedback_forwarding=answer.get("FeedbackForwardingStatus", False),
        last_checked=_utc(checks.get("LastCheckedTimestamp")),
        last_success=_utc(checks.get("LastSuccessTimestamp")),
    )


def _dkim(attributes: "DkimAttributesTypeDef | None") -> Dkim | None:
    if attributes is None:
        return None
    return Dkim(signing_enabled=attributes.get("SigningEnabled", False), status=attributes.get("Status", ""))


def _mail_from(attributes: "MailFromAttributesTypeDef") -> MailFrom | None:
    """The custom MAIL FROM domain; without one the attributes contain only the behavior."""
    domain = attributes.get("MailFromDomain")
    if not domain:
        return None
    return MailFrom(
        domain=domain,
        status=attributes.get("MailFromDomainStatus", ""),
        rejects_on_failure=_REJECTS.get(attributes.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")),
    )


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
