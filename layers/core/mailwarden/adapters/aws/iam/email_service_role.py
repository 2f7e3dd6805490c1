"""Reads and creates the service-linked role with which Cognito sends mail for DEVELOPER pools."""

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
from mailwarden.message import message

if TYPE_CHECKING:
    from mypy_boto3_iam.client import IAMClient

GET = "iam:GetRole"
CREATE = "iam:CreateServiceLinkedRole"
_PATH = f"/aws-service-role/{EMAIL_SERVICE}/"
# Creating a role that exists answers InvalidInput (public runbooks); IAM's model declares the other name.
_EXISTS = frozenset({"InvalidInput", "InvalidInputException", "EntityAlreadyExists", "EntityAlreadyExistsException"})
_FINAL = frozenset({ACCESS_DENIED, "LimitExceeded", "LimitExceededException", "NoSuchEntity", "NoSuchEntityException"})
# IAM is eventually consistent: a new role may stay invisible for seconds (IAM user guide, "Troubleshooting IAM").
_PAUSES = (0.5, 1.0, 2.0, 4.0)


class IamEmailServiceRole:
    """Implements the port ``EmailServiceRole`` with IAM; ``region`` is the home region, which implies the partition."""

    def __init__(self, *, clients: Clients, region: str, monotonic: Callable[[], float]) -> None:
        self._clients = clients
        self._region = region
        self._monotonic = monotonic
        self._recent = TtlCache[str, ServiceLinkedRole](monotonic=monotonic)

    def read(self, *, fresh: bool) -> RoleReading:
        """Whether the role exists; ``fresh`` bypasses the cache. A failed read is not cached."""
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
    """Creates the role if it does not exist; ``sleep`` waits for seconds."""

    clients: Clients
    region: str
    account: str
    sleep: Callable[[float], None]

    def write(self, change: CreateServiceLinkedRole, *, entry_id: str) -> WriteOutcome:
        """Create the role and check that it exists; raises transient errors, such as a throttle."""
        if change.account != self.account:
            return Refused(reason=message("write.role-of-another-account", account=change.account))
        client = self.clients.iam(self.region)
        try:
            if _look(client) is ServiceLinkedRole.PRESENT:
                return Drifted(reason=message("write.role-exists", role=EMAIL_SERVICE_ROLE))
            client.create_service_linked_role(AWSServiceName=EMAIL_SERVICE)
        except (ClientError, BotoCoreError) as error:
            # Another actor, or an earlier attempt of ours, already created it: the look below decides.
            if code_of(error) in _FINAL:
                return Refused(reason=message("write.refused", action=CREATE, error=message_of(error)))
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
        if isinstance(reading, Unreadable):
            return SideEffect(reason=message("write.role-unreadable", role=EMAIL_SERVICE_ROLE, refusal=reading.message))
        return SideEffect(reason=message("write.role-not-there", role=EMAIL_SERVICE_ROLE))


def _look(client: "IAMClient") -> ServiceLinkedRole:
    try:
        role = client.get_role(RoleName=EMAIL_SERVICE_ROLE)["Role"]
    except ClientError as error:
        if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
            return ServiceLinkedRole.ABSENT
        raise
    # A role of this name under another path is not the one that Cognito assumes.
    return ServiceLinkedRole.PRESENT if role["Path"] == _PATH else ServiceLinkedRole.ABSENT


def _look_or_unread(client: "IAMClient", region: str) -> RoleReading:
    try:
        return _look(client)
    except (ClientError, BotoCoreError) as error:
        return unread(error, action=GET, region=region)
