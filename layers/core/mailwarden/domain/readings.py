"""What one look at AWS brought back: each read is a value, also when it found nothing or was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.subjects import IdentityRef, PoolRef, SesAccountRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A read that was refused or failed: what depends on it is *unknown*, never sound."""

    action: str
    region: str
    reason: str

    def __str__(self) -> str:
        """As people read it: ``AccessDenied: ses:GetAccount in eu-west-1``."""
        return f"{self.reason}: {self.action} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The thing that was asked for does not exist."""

    arn: str


class SenderMode(StrEnum):
    """``EmailSendingAccount``; an absent one means COGNITO_DEFAULT (old pools have an empty EmailConfiguration)."""

    COGNITO_DEFAULT = "COGNITO_DEFAULT"
    DEVELOPER = "DEVELOPER"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfiguration:
    """A pool's EmailConfiguration, member by member (Cognito API reference, EmailConfigurationType).

    ``sending_account`` is None where the pool does not say; ``mode`` gives its meaning.
    """

    sending_account: SenderMode | None = None
    source_arn: str | None = None
    from_address: str | None = None
    reply_to: str | None = None
    configuration_set: str | None = None

    @property
    def mode(self) -> SenderMode:
        """The sender mode that is in force."""
        return self.sending_account or SenderMode.COGNITO_DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A user pool as it was read: only what a mail depends on.

    ``unknown_members`` are the paths in the raw answer that the deployed SDK does not know; while there are any, the
    pool must not be written. ``tags`` is Unread where they could not be read.
    """

    ref: PoolRef
    name: str
    email: EmailConfiguration
    custom_sender_lambda: str | None
    tags: Mapping[str, str] | Unread
    last_modified: datetime
    unknown_members: tuple[str, ...] = ()


class VerificationStatus(StrEnum):
    """SES v2 ``VerificationStatus``; UNKNOWN stands for a value this version has not heard of."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    TEMPORARY_FAILURE = "TEMPORARY_FAILURE"
    NOT_STARTED = "NOT_STARTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An SES identity as ``GetEmailIdentity`` returned it; ``policies`` are the raw documents by name."""

    ref: IdentityRef
    is_domain: bool
    verified_for_sending: bool
    verification_status: VerificationStatus
    policies: Mapping[str, str]
    tags: Mapping[str, str]
    configuration_set: str | None = None


class Enforcement(StrEnum):
    """SES ``EnforcementStatus``: under review is PROBATION, paused by AWS is SHUTDOWN."""

    HEALTHY = "HEALTHY"
    PROBATION = "PROBATION"
    SHUTDOWN = "SHUTDOWN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class SesAccount:
    """The SES account of one region as ``GetAccount`` returned it; quotas in messages, -1 means unlimited."""

    ref: SesAccountRef
    production_access: bool
    sending_enabled: bool
    enforcement: Enforcement
    max_24_hour_send: float
    sent_last_24_hours: float


class ServiceLinkedRole(StrEnum):
    """Whether ``AWSServiceRoleForAmazonCognitoIdpEmailService`` exists."""

    PRESENT = "present"
    ABSENT = "absent"


type PoolReading = Pool | Missing | Unread
type IdentityReading = Identity | Missing | Unread
type SesAccountReading = SesAccount | Unread
type RoleReading = ServiceLinkedRole | Unread
