"""Readings: the results of AWS reads as values, including a missing resource and a refused read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.refs.mail_templates import MailTemplate
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.message import Argument, Message, logged, message


class OwnReason(StrEnum):
    """Why a read was not made, or its response not used, where AWS gives no error code."""

    OTHER_ACCOUNT = "OtherAccount"
    OTHER_PARTITION = "OtherPartition"
    NOT_READ = "NotRead"
    UNEXPECTED_RESPONSE = "UnexpectedResponse"
    MISSING_MEMBER = "MissingMember"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A read that was refused or failed: everything that depends on it is *unknown*, never sound.

    ``reason`` is AWS's error code or one of ``OwnReason``, and ``about`` the value that it is about, such as another
    account. ``transient``: a retry may succeed. ``is_timeout``: AWS did not answer, which costs a full timeout.
    """

    action: str
    region: str
    reason: str
    transient: bool = False
    is_timeout: bool = False
    about: str | Message = ""

    @property
    def message(self) -> Message:
        """The refusal as a message."""
        code: Argument = str(self.reason)
        if self.about:
            code = message("unreadable.about", code=code, about=self.about)
        return message("unreadable", code=code, action=self.action, region=self.region)

    def __str__(self) -> str:
        """The failure as logs show it: ``AccessDenied: ses:GetAccount in eu-west-1``."""
        about = logged(self.about) if isinstance(self.about, Message) else self.about
        code = f"{self.reason} ({about})" if about else str(self.reason)
        return f"{code}: {self.action} in {self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The requested resource does not exist."""

    arn: str


class SenderMode(StrEnum):
    """``EmailSendingAccount``; an absent one means COGNITO_DEFAULT (old pools have an empty EmailConfiguration).

    UNKNOWN represents a value that this version does not know; it is never written.
    """

    COGNITO_DEFAULT = "COGNITO_DEFAULT"
    DEVELOPER = "DEVELOPER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfiguration:
    """A pool's EmailConfiguration, member by member (Cognito API reference, EmailConfigurationType).

    ``sending_account`` is None if the pool has none; ``mode`` gives its meaning.
    """

    sending_account: SenderMode | None = None
    source_arn: str | None = None
    from_address: str | None = None
    reply_to: str | None = None
    configuration_set: str | None = None

    @property
    def mode(self) -> SenderMode:
        """The sender mode in effect."""
        return self.sending_account or SenderMode.COGNITO_DEFAULT

    @property
    def in_full(self) -> "EmailConfiguration":
        """The same, with the mode in effect: two that mean the same are equal."""
        return replace(self, sending_account=self.mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFactors:
    """Whether a pool's sign-in depends on mail: as a second factor, or as a one-time password as first factor.

    ``second_factor`` is in GetUserPoolMfaConfig only; the first factors are in DescribeUserPool (SignInPolicy).
    ``first_factor`` is Unreadable if one of them is of a kind that this version does not know.
    """

    second_factor: bool | Unreadable
    first_factor: bool | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDomain:
    """The domain of the links in a pool's verification mail; ``name`` is None if the pool has no domain.

    ``custom_status`` is the ``Status`` of DescribeUserPoolDomain, read of a custom domain only: a prefix domain is
    Cognito's own. It is empty for no domain of that name.
    """

    name: str | None
    custom_status: str | Unreadable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatNotices:
    """The sender of the notices that threat protection mails; ``takeover`` is the part of the API with it, as JSON."""

    source_arn: str
    from_address: str | None = None
    reply_to: str | None = None
    takeover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A user pool as it was read: only the members that mail depends on.

    ``unknown_members`` are the paths in the raw response that the deployed SDK does not know; while there are any, the
    pool must not be written. ``tags`` is Unreadable if they could not be read. ``link_domain`` is None if no mail of
    the pool has a link, ``threat_notices`` if threat protection mails nothing; ``acts_on_threats``: it may mail
    notices, and ``risk`` is what SetRiskConfiguration sets, as JSON. ``custom_sender_key`` is ``KMSKeyID``.
    ``unknown_sender`` is the ``EmailSendingAccount`` if it is a value that this version does not know.
    ``templates_without_code`` lack their placeholder, ``has_custom_message``: a function may write the texts,
    ``is_passwordless``: users may sign in without a password.
    ``settings`` are the settings that UpdateUserPool writes, EmailConfiguration aside, by path: short values as they
    are, others as digests.
    """

    ref: PoolRef
    name: str
    email: EmailConfiguration
    custom_sender_lambda: str | None
    tags: Mapping[str, str] | Unreadable
    last_modified: datetime
    unknown_members: tuple[str, ...] = ()
    factors: MailFactors = field(default_factory=lambda: MailFactors(second_factor=False, first_factor=False))
    link_domain: LinkDomain | Unreadable | None = None
    threat_notices: ThreatNotices | Unreadable | None = None
    acts_on_threats: bool = False
    risk: str | None = None
    custom_sender_key: str | None = None
    unknown_sender: str | None = None
    templates_without_code: tuple[MailTemplate, ...] = ()
    has_custom_message: bool = False
    is_passwordless: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomSender:
    """The function that gets a pool's mail, and the key that Cognito encrypts the codes with.

    ``policy`` is the function's resource-based policy as text, Missing if there is no function or no policy: Lambda
    returns one error for both. ``key_state`` is KMS's ``KeyState``. Without ``KMSKeyID`` both members of the key are
    None.
    """

    function_arn: str
    policy: str | Missing | Unreadable
    key_arn: str | None
    key_state: str | Missing | Unreadable | None


class VerificationStatus(StrEnum):
    """SES v2 ``VerificationStatus``; UNKNOWN represents a value that this version does not know."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    TEMPORARY_FAILURE = "TEMPORARY_FAILURE"
    NOT_STARTED = "NOT_STARTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """``DkimAttributes`` of an identity; ``status`` as SES gives it, for instance SUCCESS, PENDING or NOT_STARTED."""

    signing_enabled: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFrom:
    """``MailFromAttributes`` of an identity with a custom MAIL FROM domain.

    ``rejects_on_failure``: BehaviorOnMxFailure is REJECT_MESSAGE, so that mail is lost while the MX record is wrong;
    None if it is a value that this version does not know.
    """

    domain: str
    status: str
    rejects_on_failure: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An SES identity as ``GetEmailIdentity`` returned it; ``policies`` are the raw documents by name.

    ``last_checked`` and ``last_success`` are the times of SES's verification checks, None if absent.
    ``feedback_forwarding``: SES mails bounces and complaints to the sender if no other destination exists.
    """

    ref: IdentityRef
    is_domain: bool
    verified_for_sending: bool
    verification_status: VerificationStatus
    policies: Mapping[str, str]
    tags: Mapping[str, str]
    configuration_set: str | None = None
    dkim: Dkim | None = None
    mail_from: MailFrom | None = None
    feedback_forwarding: bool = True
    last_checked: datetime | None = None
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDestination:
    """An event destination of a configuration set; ``event_types`` are SES's names, for instance BOUNCE."""

    name: str
    enabled: bool
    event_types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DedicatedIpPool:
    """The dedicated IP pool of yours that a configuration set sends through, and whether it exists."""

    name: str
    exists: bool | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSet:
    """An SES configuration set (GetConfigurationSet, GetConfigurationSetEventDestinations).

    ``suppressed_reasons`` is None if the set follows the account, and empty if it turns off suppression. ``ip_pool`` is
    None if the set names no dedicated IP pool, or one of AWS's own. ``tls_required`` is None for a TlsPolicy that this
    version does not know.
    """

    ref: ConfigurationSetRef
    sending_enabled: bool
    tls_required: bool | None
    suppressed_reasons: frozenset[str] | None
    destinations: tuple[EventDestination, ...] | Unreadable
    ip_pool: DedicatedIpPool | None = None


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
    suppressed_reasons: frozenset[str] = frozenset({"BOUNCE", "COMPLAINT"})


class ServiceLinkedRole(StrEnum):
    """Whether ``AWSServiceRoleForAmazonCognitoIdpEmailService`` exists."""

    PRESENT = "present"
    ABSENT = "absent"


type PoolReading = Pool | Missing | Unreadable
type IdentityReading = Identity | Missing | Unreadable
type SesAccountReading = SesAccount | Unreadable
type ConfigurationSetReading = ConfigurationSet | Missing | Unreadable
type RoleReading = ServiceLinkedRole | Unreadable
