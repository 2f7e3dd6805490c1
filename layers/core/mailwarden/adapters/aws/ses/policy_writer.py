"""Writes Mailwarden's own sending policies of an SES identity; it never changes a policy of another owner.

SES has no conditional write for policies, and its Update succeeds even when there is no policy of that name (SES v2
API reference, UpdateEmailIdentityPolicy). So the writer looks and compares, writes, looks again and compares every
policy.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import ACCESS_DENIED, AwsError, code_of, is_throttle, message_of
from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written
from mailwarden.message import Message, message
from mailwarden.policy.grant.grant import is_own_name

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

CREATE = "ses:CreateEmailIdentityPolicy"
UPDATE = "ses:UpdateEmailIdentityPolicy"
DELETE = "ses:DeleteEmailIdentityPolicy"

_FINAL = frozenset({ACCESS_DENIED, "BadRequestException", "LimitExceededException", "ParamValidationError"})
_MOVED = frozenset({"AlreadyExistsException", "NotFoundException"})
# The quota of the policy calls is one per second (SES v2 API reference); the SDK has already retried for seconds.
_THROTTLED = (1.1, 2.2, 4.4)
# Seconds before another look, while SES still shows the old policies.
_UNTIL_SEEN = (0.5, 1.0, 2.0)

type Policies = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SesPolicyWriter:
    """Carries out GrantSending, and its undo; ``sleep`` waits for seconds, ``account`` is the deployment's."""

    clients: Clients
    account: str
    sleep: Callable[[float], None]

    def write(self, change: GrantSending, *, entry_id: str) -> WriteOutcome:
        """Write the policies of ``after`` if those of ``before`` are live; raises transient errors."""
        reason = _why_never(change, self.account)
        if reason is not None:
            return Refused(reason=reason)
        try:
            client = self.clients.sesv2(change.identity.region)
            live = self._policies(client, change.identity)
        except (ClientError, BotoCoreError) as error:
            return _stopped(error)
        moved = _differing(change.before, live)
        if moved:
            return Drifted(reason=message("write.policies-moved", policies=moved))
        stopped = self._put_all(client, change)
        if stopped is not None:
            return stopped
        return self._verify(client, change, live, entry_id)

    def _put_all(self, client: "SESV2Client", change: GrantSending) -> WriteOutcome | None:
        """Put first, delete last. A partial write is not rolled back: each policy is a grant by itself."""
        names = sorted(change.after, key=lambda name: (change.after[name] is None, name))
        for position, name in enumerate(names):
            try:
                self._put(client, change.identity, name, change.before[name], change.after[name])
            except (ClientError, BotoCoreError) as error:
                if code_of(error) == "AlreadyExistsException" and self._is_live(client, change, name):
                    # Our own first attempt: its response was lost, so the SDK repeated it.
                    continue
                stopped = _stopped(error)
                written = tuple(names[:position])
                if not written:
                    return stopped
                return SideEffect(reason=message("write.partly", policies=written, reason=stopped.reason))
        return None

    def _put(
        self, client: "SESV2Client", identity: IdentityRef, name: str, before: str | None, after: str | None
    ) -> None:
        if after is None:
            if before is not None:
                self._paced(lambda: client.delete_email_identity_policy(EmailIdentity=identity.name, PolicyName=name))
        elif before is None:
            self._paced(
                lambda: client.create_email_identity_policy(EmailIdentity=identity.name, PolicyName=name, Policy=after),
            )
        else:
            self._paced(
                lambda: client.update_email_identity_policy(EmailIdentity=identity.name, PolicyName=name, Policy=after),
            )

    def _paced[R](self, call: Callable[[], R]) -> R:
        for pause in _THROTTLED:
            try:
                return call()
            except ClientError as error:
                if not is_throttle(error):
                    raise
                self.sleep(pause)
        return call()

    def _policies(self, client: "SESV2Client", identity: IdentityRef) -> Policies:
        return self._paced(lambda: client.get_email_identity(EmailIdentity=identity.name)).get("Policies", {})

    def _is_live(self, client: "SESV2Client", change: GrantSending, name: str) -> bool:
        return not _differing({name: change.after[name]}, self._policies(client, change.identity))

    def _verify(self, client: "SESV2Client", change: GrantSending, over: Policies, entry_id: str) -> WriteOutcome:
        expected: dict[str, str | None] = {**over, **change.after}
        try:
            live = self._policies(client, change.identity)
            for pause in _UNTIL_SEEN:
                if not _differing(change.after, live):
                    break
                self.sleep(pause)
                live = self._policies(client, change.identity)
        except (ClientError, BotoCoreError) as error:
            return SideEffect(reason=message("write.not-verified", code=code_of(error)))
        wrong = _differing(expected | dict.fromkeys(live.keys() - expected.keys()), live)
        if wrong:
            return SideEffect(reason=message("write.policies-wrong", policies=wrong))
        return Written(entry_id=entry_id)


def _why_never(change: GrantSending, account: str) -> Message | None:
    if change.identity.account != account:
        return message("write.identity-of-another-account", account=change.identity.account)
    if change.before.keys() != change.after.keys() or not change.after:
        return message("write.other-policies")
    foreign = tuple(sorted(name for name in change.after if not is_own_name(name)))
    if foreign:
        return message("write.foreign-policies", policies=foreign)
    return None


def _stopped(error: AwsError) -> Drifted | Refused:
    """Why nothing, or nothing more, is written; raises transient errors."""
    if code_of(error) in _FINAL:
        return Refused(reason=message("write.refused-by-aws", error=message_of(error)))
    if code_of(error) in _MOVED:
        return Drifted(reason=message("write.identity-moved", error=message_of(error)))
    raise error


def _differing(wanted: Mapping[str, str | None], live: Policies) -> tuple[str, ...]:
    return tuple(sorted(name for name, text in wanted.items() if _meaning(text) != _meaning(live.get(name))))


def _meaning(text: str | None) -> object:
    """A policy without spaces and key order; a text that is not JSON stays as it is."""
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text
