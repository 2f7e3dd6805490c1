"""The subjects of findings: a pool, an identity, a configuration set, an SES account, the monitoring of a region."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from mailwarden.documents.faults import shown
from mailwarden.message import ExplainedError, message

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>[a-z-]+):(?P<region>[a-z0-9*-]*):(?P<account>[0-9]{12}):(?P<rest>.+)",
)
# In bytes. An identity has at most 320 characters; a sort key of DynamoDB has 1,024 bytes.
_LONGEST_ARN = 900
_POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+")


class NotASubject(ExplainedError, ValueError):
    """A text does not name a subject; the message contains the text and the reason."""


class SubjectKind(StrEnum):
    """The kinds of subject; a rule is about exactly one of them."""

    POOL = "pool"
    IDENTITY = "identity"
    CONFIGURATION_SET = "configuration set"
    SES_ACCOUNT = "SES account"
    MONITORING = "monitoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRef:
    """A Cognito user pool.

    The region is the one the pool was read in. For a replica it differs from the prefix of the pool id, so it is
    never taken from the id (Cognito developer guide, "Multi-Region replication").
    """

    partition: str
    region: str
    account: str
    pool_id: str

    @property
    def arn(self) -> str:
        """The pool's ARN (Service Authorization Reference, Amazon Cognito user pools)."""
        return f"arn:{self.partition}:cognito-idp:{self.region}:{self.account}:userpool/{self.pool_id}"

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Read a pool ARN; raises NotASubject for anything else."""
        partition, region, account, pool_id = _split(arn, service="cognito-idp", resource="userpool")
        if not is_pool_id(pool_id):
            raise NotASubject(message("arn.no-pool-id", arn=shown(arn, _LONGEST_ARN)))
        return cls(partition=partition, region=region, account=account, pool_id=pool_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRef:
    """An SES identity, an address or a domain, in one SES region."""

    partition: str
    region: str
    account: str
    name: str

    @property
    def arn(self) -> str:
        """The identity's ARN (Service Authorization Reference, Amazon SES v2)."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:identity/{self.name}"

    @property
    def is_address(self) -> bool:
        """Whether the name has the form of an e-mail address rather than of a domain."""
        return "@" in self.name

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Read an identity ARN; the region may be ``*`` (alternate-region pools); raises NotASubject otherwise."""
        partition, region, account, name = _split(arn, service="ses", resource="identity")
        return cls(partition=partition, region=region, account=account, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSetRef:
    """An SES configuration set in one SES region."""

    partition: str
    region: str
    account: str
    name: str

    @property
    def arn(self) -> str:
        """The set's ARN (Service Authorization Reference, Amazon SES v2)."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:configuration-set/{self.name}"

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Read a configuration set ARN; raises NotASubject for anything else."""
        partition, region, account, name = _split(arn, service="ses", resource="configuration-set")
        return cls(partition=partition, region=region, account=account, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SesAccountRef:
    """The SES account of an AWS account in one region: sandbox, quota, sending and reputation are regional."""

    partition: str
    region: str
    account: str

    @property
    def arn(self) -> str:
        """A name in the form of an ARN. AWS defines none for it: ``ses:GetAccount`` has no resource."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:account/{self.account}"

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Read the name given by ``arn``; raises NotASubject for anything else."""
        partition, region, account, _ = _split(arn, service="ses", resource="account")
        return cls(partition=partition, region=region, account=account)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringRef:
    """Mailwarden's monitoring of one region: a fault in it concerns every pool there."""

    partition: str
    region: str
    account: str

    @property
    def arn(self) -> str:
        """A name in the form of an ARN, so that every subject has one."""
        return f"arn:{self.partition}:mailwarden:{self.region}:{self.account}:monitoring/{self.region}"

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Read the name given by ``arn``; raises NotASubject for anything else."""
        partition, region, account, _ = _split(arn, service="mailwarden", resource="monitoring")
        return cls(partition=partition, region=region, account=account)


type Subject = PoolRef | IdentityRef | ConfigurationSetRef | SesAccountRef | MonitoringRef


def monitoring_of(pool: PoolRef) -> MonitoringRef:
    """The monitoring of the region that a pool was read in."""
    return MonitoringRef(partition=pool.partition, region=pool.region, account=pool.account)


def subject_from_arn(arn: str) -> Subject:
    """Read any subject back from its ARN; raises NotASubject."""
    _, _, rest = arn.partition(":cognito-idp:")
    if rest:
        return PoolRef.from_arn(arn)
    resource = arn.split(":", 5)[-1].split("/", 1)[0]
    match resource:
        case "identity":
            return IdentityRef.from_arn(arn)
        case "configuration-set":
            return ConfigurationSetRef.from_arn(arn)
        case "account":
            return SesAccountRef.from_arn(arn)
        case "monitoring":
            return MonitoringRef.from_arn(arn)
        case _:
            raise NotASubject(message("arn.not-watched", arn=shown(arn, _LONGEST_ARN)))


def kind_of(subject: Subject) -> SubjectKind:
    """The kind of a subject."""
    match subject:
        case PoolRef():
            return SubjectKind.POOL
        case IdentityRef():
            return SubjectKind.IDENTITY
        case ConfigurationSetRef():
            return SubjectKind.CONFIGURATION_SET
        case SesAccountRef():
            return SubjectKind.SES_ACCOUNT
        case MonitoringRef():
            return SubjectKind.MONITORING


def index_arn(subject: Subject) -> str:
    """The ARN by which the reverse index knows a subject, whatever case an event or a pool spells it in.

    Domains have no case. For the part before the ``@`` of an address SES decides; a look too many does no harm. Names
    of pools and configuration sets differ by case.
    """
    return replace(subject, name=subject.name.lower()).arn if isinstance(subject, IdentityRef) else subject.arn


def is_pool_id(text: str) -> bool:
    """Whether a text looks like a user pool id, at most 55 characters (Cognito API reference, UserPoolIdType)."""
    return len(text) <= 55 and _POOL_ID.fullmatch(text) is not None


def _split(arn: str, *, service: str, resource: str) -> tuple[str, str, str, str]:
    # Such a text names nothing that there is, and must not become a key.
    if not arn.isprintable() or len(arn.encode()) > _LONGEST_ARN:
        raise NotASubject(message("arn.not-printable", arn=shown(arn[:100], 100)))
    match = _ARN.fullmatch(arn)
    if match is None:
        raise NotASubject(message("arn.incomplete", arn=shown(arn, _LONGEST_ARN)))
    if match["service"] != service:
        raise NotASubject(
            message("arn.other-service", arn=shown(arn, _LONGEST_ARN), service=match["service"], expected=service)
        )
    kind, slash, name = match["rest"].partition("/")
    if kind != resource or not slash or not name:
        raise NotASubject(message("arn.other-resource", arn=shown(arn, _LONGEST_ARN), expected=resource))
    return match["partition"], match["region"], match["account"], name
