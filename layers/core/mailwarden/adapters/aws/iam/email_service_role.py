"""The service-linked role with which Cognito sends mail for DEVELOPER pools: whether it exists, and its creation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import ACCESS_DENIED, code_of, message_of, unread
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE, CreateServiceLinkedRole
from mailwarden.domain.readings import RoleReading, ServiceLinkedRole, Unreadable
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written

if TYPE_CHECKING:
    from mypy_boto3_iam.client import IAMClient

GET = "iam:GetRole"
CREATE = "iam:CreateServiceLinkedRole"
_PATH = f"/aws-service-role/{EMAIL_SERVICE}/"
# Creating a role that exists answers InvalidInput (public runbooks); the other name is the one IAM's model declares.
_EXISTS = frozenset({"InvalidInput", "InvalidInputException", "EntityAlreadyExists", "EntityAlreadyExistsException"})
_FINAL = frozenset({ACCESS_DENIED, "LimitExceeded", "LimitExceededException", "NoSuchEntity", "NoSuchEntityException"})
# IAM is eventually consistent: a new role may not be seen for seconds (IAM user guide, "Troubleshooting IAM").
_PAUSES = (0.5, 1.0, 2.0, 4.0)


class IamEmailServiceRole:
    """The port ``EmailServiceRole``, kept with IAM; ``region`` is the home region: it tells the partition."""

    def __init__(self, *, clients: Clients, region: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._region = region
        self._monotonic = monotonic
        self._recent = TtlCache[str, ServiceLinkedRole](monotonic=monotonic)

    def read(self, *, fresh: bool) -> RoleReading:
        """Whether the role exists; ``fresh`` forbids an answer from the cache. An unread one is asked for again."""
        kept = None if fresh else self._recent.get(EMAIL_SERVICE_ROLE)
        if kept is not None:
            return kept
        asked_at = self._monotonic()
        try:
            reading = _look(self._clients.iam(self._region))
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=GET, region=self._region)
        self._recent.keep(EMAIL_SERVICE_ROLE, reading, asked_at=asked_at)
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailServiceRoleWriter:
    """Creates the role if it is not there; ``sleep`` takes seconds."""

    clients: Clients
    region: str
    account: str
    sleep: Callable[[float], None]

    def write(self, change: CreateServiceLinkedRole, *, entry_id: str) -> WriteOutcome:
        """Create the role and look whether it is there; raises what may pass by itself, such as a throttle."""
        if change.account != self.account:
            return Refused(detail=f"the role of account {change.account} is not ours to create")
        client = self.clients.iam(self.region)
        try:
            if _look(client) is ServiceLinkedRole.PRESENT:
                return Drifted(detail=f"{EMAIL_SERVICE_ROLE} is there already")
            client.create_service_linked_role(AWSServiceName=EMAIL_SERVICE)
        except (ClientError, BotoCoreError) as error:
            # Somebody else, or an attempt of ours whose answer was lost, was faster: the look below decides.
            if code_of(error) in _FINAL:
                return Refused(detail=f"AWS refused {CREATE}: {message_of(error)}")
            if code_of(error) not in _EXISTS:
                raise
        return self._look_again(client, entry_id)

    def _look_again(self, client: "IAMClient", entry_id: str) -> WriteOutcome:
        reading: RoleReading = _look_or_unread(client, self.region)
        for pause in _PAUSES:
            if reading is ServiceLinkedRole.PRESENT:
                break
            self.sleep(pause)
            reading = _look_or_unread(client, self.region)
        if reading is ServiceLinkedRole.PRESENT:
            return Written(entry_id=entry_id)
        seen = str(reading) if isinstance(reading, Unreadable) else "it is not there"
        return SideEffect(detail=f"AWS took the creation of {EMAIL_SERVICE_ROLE}, but the look afterwards says: {seen}")


def _look(client: "IAMClient") -> ServiceLinkedRole:
    try:
        role = client.get_role(RoleName=EMAIL_SERVICE_ROLE)["Role"]
    except ClientError as error:
        if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
            return ServiceLinkedRole.ABSENT
        raise
    # A role of this name elsewhere is not the one that Cognito assumes.
    return ServiceLinkedRole.PRESENT if role["Path"] == _PATH else ServiceLinkedRole.ABSENT


def _look_or_unread(client: "IAMClient", region: str) -> RoleReading:
    try:
        return _look(client)
    except (ClientError, BotoCoreError) as error:
        return unread(error, action=GET, region=region)
