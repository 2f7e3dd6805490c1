"""Writes our own sending policies of an SES identity; nobody else's policy is ever touched.

SES has no "only if unchanged" for policies, and its Update succeeds even when there is no policy of that name (SES v2
API reference, UpdateEmailIdentityPolicy). So: look and compare, write, look again and compare every policy.
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
from mailwarden.policy.grant.grant import is_own_name

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

CREATE = "ses:CreateEmailIdentityPolicy"
UPDATE = "ses:UpdateEmailIdentityPolicy"
DELETE = "ses:DeleteEmailIdentityPolicy"

_FINAL = frozenset({ACCESS_DENIED, "BadRequestException", "LimitExceededException", "ParamValidationError"})
_MOVED = frozenset({"AlreadyExistsException", "NotFoundException"})
# The policy calls may be made once a second (SES v2 API reference); the SDK has then tried for some seconds already.
_THROTTLED = (1.1, 2.2, 4.4)
# Seconds before another look, while SES still shows the old policies.
_UNTIL_SEEN = (0.5, 1.0, 2.0)

type Policies = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SesPolicyWriter:
    """Carries out GrantSending, and its undo; ``sleep`` takes seconds, ``account`` is the one we run in."""

    clients: Clients
    account: str
    sleep: Callable[[float], None]

    def write(self, change: GrantSending, *, entry_id: str) -> WriteOutcome:
        """Write the policies of ``after`` if those of ``before`` are live; raises what may pass by itself."""
        reason = _why_never(change, self.account)
        if reason is not None:
            return Refused(detail=reason)
        try:
            client = self.clients.sesv2(change.identity.region)
            live = self._policies(client, change.identity)
        except (ClientError, BotoCoreError) as error:
            return _stopped(error)
        moved = _differing(change.before, live)
        if moved:
            return Drifted(detail=f"these policies are no longer what they were: {', '.join(moved)}")
        stopped = self._put_all(client, change)
        if stopped is not None:
            return stopped
        return self._verify(client, change, live, entry_id)

    def _put_all(self, client: "SESV2Client", change: GrantSending) -> WriteOutcome | None:
        """Write what is new first, delete last. A part that was written is not put back: each is a grant by itself."""
        names = sorted(change.after, key=lambda name: (change.after[name] is None, name))
        for position, name in enumerate(names):
            try:
                self._put(client, change.identity, name, change.before[name], change.after[name])
            except (ClientError, BotoCoreError) as error:
                if code_of(error) == "AlreadyExistsException" and self._is_live(client, change, name):
                    # Our own first attempt, whose answer was lost; the SDK repeated it.
                    continue
                stopped = _stopped(error)
                written = ", ".join(names[:position])
                return SideEffect(detail=f"only {written} was written; {stopped.detail}") if written else stopped
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
            return SideEffect(
                detail=f"the write was taken, but the look afterwards failed, "
                f"so that it is not known what it did: {code_of(error)}",
            )
        wrong = _differing(expected | dict.fromkeys(live.keys() - expected.keys()), live)
        if wrong:
            return SideEffect(detail=f"after the write these policies are not as they should be: {', '.join(wrong)}")
        return Written(entry_id=entry_id)


def _why_never(change: GrantSending, account: str) -> str | None:
    if change.identity.account != account:
        return f"the identity is in account {change.identity.account}"
    if change.before.keys() != change.after.keys() or not change.after:
        return "the change does not say the same policies before and after"
    foreign = sorted(name for name in change.after if not is_own_name(name))
    if foreign:
        return f"these policies are not ours to write: {', '.join(foreign)}"
    return None


def _stopped(error: AwsError) -> Drifted | Refused:
    """Why nothing, or nothing more, is written; raises what may pass by itself."""
    if code_of(error) in _FINAL:
        return Refused(detail=f"AWS refused: {message_of(error)}")
    if code_of(error) in _MOVED:
        return Drifted(detail=f"the identity or its policies changed meanwhile: {message_of(error)}")
    raise error


def _differing(wanted: Mapping[str, str | None], live: Policies) -> tuple[str, ...]:
    return tuple(sorted(name for name, text in wanted.items() if _meaning(text) != _meaning(live.get(name))))


def _meaning(text: str | None) -> object:
    """A policy without its spaces and the order of its keys; a text that is no JSON as it is."""
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text
