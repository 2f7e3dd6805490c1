"""Reads and creates the service-linked role with which Cognito sends mail for DEVELOPER pools."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import LONGEST_CALL, Clients
from mailwarden.adapters.aws.errors import code_of, message_of, unread
from mailwarden.adapters.aws.guarded_write import Deadline, GuardedWrite, Taken, WriteTime
from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.adapters.aws.write_answers import WriteAnswer, write_answer
from mailwarden.domain.findings.changes import EMAIL_SERVICE, EMAIL_SERVICE_ROLE, CreateServiceLinkedRole
from mailwarden.domain.readings import RoleReading, ServiceLinkedRole
from mailwarden.domain.repair.journal import Drifted, Refused, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import message

if TYPE_CHECKING:
    from mypy_boto3_iam.client import IAMClient

GET = "iam:GetRole"
CREATE = "iam:CreateServiceLinkedRole"
_PATH = f"/aws-service-role/{EMAIL_SERVICE}/"
_EXISTS = message("write.role-exists", role=EMAIL_SERVICE_ROLE)
# Seconds between attempts.
_PAUSES = (0.5, 1.0, 2.0)
# IAM is eventually consistent: a new role may stay invisible for seconds (IAM user guide, "Troubleshooting IAM").
_UNTIL_SEEN = (0.5, 1.0, 2.0, 4.0)


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
    """Creates the role if it does not exist."""

    clients: Clients
    region: str
    account: str
    time: WriteTime

    def write(self, change: CreateServiceLinkedRole, *, entry_id: str) -> WriteResult:
        """Create the role and check that it exists. Raises an error only if IAM certainly created nothing."""
        if change.account != self.account:
            return Refused(reason=message("write.role-of-another-account", account=change.account))
        client, deadline = self.clients.iam_once(self.region), self.time.begin()
        sent = GuardedWrite(
            resource=change.resource,
            deadline=deadline,
            look=lambda: _look_before(client),
            drift=lambda role: None if role is ServiceLinkedRole.ABSENT else _EXISTS,
            is_written=lambda role: role is ServiceLinkedRole.PRESENT,
            send=lambda: client.create_service_linked_role(AWSServiceName=EMAIL_SERVICE),
            refused=lambda error: Refused(reason=message("write.refused", action=CREATE, error=message_of(error))),
            moved=lambda _: Drifted(reason=_EXISTS),
            pauses=_PAUSES,
            longest=2 * LONGEST_CALL,
            reserve=2 * LONGEST_CALL,
        ).carry_out()
        if not isinstance(sent, Taken):
            return sent
        return self._verify(client, sent.window, deadline, entry_id)

    def _verify(self, client: "IAMClient", window: WriteWindow, deadline: Deadline, entry_id: str) -> WriteResult:
        try:
            role = deadline.read_until(
                lambda: _look(client),
                lambda found: found is ServiceLinkedRole.PRESENT,
                pauses=_UNTIL_SEEN,
                longest=LONGEST_CALL,
            )
        except (ClientError, BotoCoreError) as error:
            return Unconfirmed(reason=message("write.not-verified", code=code_of(error)), window=window)
        if role is ServiceLinkedRole.PRESENT:
            return Written(entry_id=entry_id, window=window)
        return Unconfirmed(reason=message("write.not-visible"), window=window)


def _look_before(client: "IAMClient") -> ServiceLinkedRole | Drifted | Refused:
    try:
        return _look(client)
    except (ClientError, BotoCoreError) as error:
        if write_answer(error) is WriteAnswer.REFUSED:
            return Refused(reason=message("write.read-refused", action=GET, error=message_of(error)))
        raise


def _look(client: "IAMClient") -> ServiceLinkedRole:
    try:
        role = client.get_role(RoleName=EMAIL_SERVICE_ROLE)["Role"]
    except ClientError as error:
        if code_of(error) in {"NoSuchEntity", "NoSuchEntityException"}:
            return ServiceLinkedRole.ABSENT
        raise
    # A role of this name under another path is not the one that Cognito assumes.
    return ServiceLinkedRole.PRESENT if role["Path"] == _PATH else ServiceLinkedRole.ABSENT
