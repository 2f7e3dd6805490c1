"""Reads SES identities with SES v2: one call per identity returns policies, verification and tags."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import code_of, unread, without_member
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
        # The stubs call members required that AWS may leave out.
        custom: Mapping[str, object] = answer["MailFromAttributes"]
        if custom.get("MailFromDomain") and "MailFromDomainStatus" not in custom:
            return without_member("MailFromAttributes.MailFromDomainStatus", action=GET, region=identity.region)
        return _identity(identity, answer)


def _identity(ref: IdentityRef, answer: "GetEmailIdentityResponseTypeDef") -> Identity:
    status: str = answer["VerificationStatus"]
    is_known = status in set(VerificationStatus)
    checks = answer.get("VerificationInfo", {})
    dkim = answer["DkimAttributes"]
    return Identity(
        ref=ref,
        is_domain=_IS_DOMAIN.get(answer.get("IdentityType", ""), not ref.is_address),
        verified_for_sending=answer["VerifiedForSendingStatus"],
        verification_status=VerificationStatus(status) if is_known else VerificationStatus.UNKNOWN,
        policies=answer["Policies"],
        tags={tag["Key"]: tag["Value"] for tag in answer["Tags"]},
        configuration_set=answer.get("ConfigurationSetName"),
        dkim=Dkim(signing_enabled=dkim["SigningEnabled"], status=dkim["Status"]),
        mail_from=_mail_from(answer["MailFromAttributes"]),
        feedback_forwarding=answer["FeedbackForwardingStatus"],
        last_checked=_utc(checks.get("LastCheckedTimestamp")),
        last_success=_utc(checks.get("LastSuccessTimestamp")),
    )


def _mail_from(attributes: "MailFromAttributesTypeDef") -> MailFrom | None:
    """The custom MAIL FROM domain; without one the attributes contain only the behavior."""
    domain = attributes.get("MailFromDomain")
    if not domain:
        return None
    return MailFrom(
        domain=domain,
        status=attributes["MailFromDomainStatus"],
        rejects_on_failure=_REJECTS.get(attributes["BehaviorOnMxFailure"]),
    )


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
