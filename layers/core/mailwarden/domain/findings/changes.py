"""The closed unions of everything Mailwarden may ever write, and a fix: a change with a title and an applicability.

Each change carries its way back: ``before`` is what must be live when it is written, and what an undo restores.
``Change`` is what rules may fix and ``repair`` may write; ``OperatorChange`` is what only a person may ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SesAccountRef
from mailwarden.message import Message

EMAIL_SERVICE = "email.cognito-idp.amazonaws.com"
EMAIL_SERVICE_ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSending:
    """Let pools send through an identity: policies of ours put in place; nobody else's policy is touched.

    ``before`` and ``after`` map the names of the policies that change to their documents (None: not there).
    ``pools`` are the pools that gain the grant by this change.
    """

    identity: IdentityRef
    pools: tuple[PoolRef, ...]
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]

    @property
    def resource(self) -> str:
        """What is written: writes to one resource never run at the same time."""
        return self.identity.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceEmailConfiguration:
    """Put one EmailConfiguration of a pool in place of another; nothing else of the pool changes.

    ``modified``: it is written only while this is the pool's LastModifiedDate. A call may choose what is live already:
    then nothing but that date shows it. It is no part of the change that the journal stores.
    """

    pool: PoolRef
    before: EmailConfiguration
    after: EmailConfiguration
    modified: datetime | None = field(default=None, compare=False)

    @property
    def resource(self) -> str:
        """What is written: writes to one resource never run at the same time."""
        return self.pool.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateServiceLinkedRole:
    """Create the role with which Cognito sends mail for DEVELOPER pools.

    Its undo is not offered: AWS deletes the role only when no pool of the account uses it.
    """

    partition: str
    account: str

    @property
    def resource(self) -> str:
        """What is written: writes to one resource never run at the same time."""
        return f"arn:{self.partition}:iam::{self.account}:role/aws-service-role/{EMAIL_SERVICE}/{EMAIL_SERVICE_ROLE}"


type Change = GrantSending | ReplaceEmailConfiguration | CreateServiceLinkedRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSuppression:
    """Take one address from the suppression list of an SES account.

    ``reason`` and ``since`` are what the list says of it before. The address itself is nowhere, only its digest
    (``domain/operator/addresses.py``): putting it back takes a person who knows it (``aws sesv2
    put-suppressed-destination``).
    """

    account: SesAccountRef
    address_digest: str
    reason: str
    since: datetime

    @property
    def resource(self) -> str:
        """What is written: writes to one resource never run at the same time."""
        return self.account.arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceRiskConfiguration:
    """Put one risk configuration of a pool in place of another, whole: those of single app clients stay.

    ``before`` and ``after`` are canonical JSON texts (``domain/known_good/risk_configuration.py``).
    """

    pool: PoolRef
    before: str
    after: str

    @property
    def resource(self) -> str:
        """What is written: writes to one resource never run at the same time."""
        return self.pool.arn


type OperatorChange = RemoveSuppression | ReplaceRiskConfiguration

type WrittenChange = Change | ReplaceRiskConfiguration
"""What the write protocol carries out; for the other one only the person who orders it knows the address."""


class Applicability(StrEnum):
    """How far a fix may be trusted.

    Safe: with it lost mail flows again and nothing gets worse, no grant widens beyond this pool or overrides a
    condition of its owner, and nothing that an owner removed comes back without standing consent. Everything else is
    unsafe, or manual where there is nothing we could write.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """An imperative title, how far it may be trusted, and what would be written.

    ``not_safe``: why it is unsafe or manual; None if it is safe.
    """

    title: Message
    applicability: Applicability
    change: Change
    not_safe: Message | None = None
