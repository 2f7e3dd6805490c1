"""Writes Mailwarden's own sending policies of an SES identity; it never changes a policy of another owner.

SES has no conditional write for policies, and its Update succeeds even when there is no policy of that name (SES v2
API reference, UpdateEmailIdentityPolicy). So the writer looks and compares, writes, and looks again, policy by policy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import LONGEST_CALL, Clients
from mailwarden.adapters.aws.errors import AwsError, code_of, message_of
from mailwarden.adapters.aws.guarded_write import Deadline, GuardedWrite, Stopped, Taken, WriteTime, look_before
from mailwarden.documents.reader import canonical_text
from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, message
from mailwarden.policy.grant.grant import is_own_name

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

GET = "ses:GetEmailIdentity"
CREATE = "ses:CreateEmailIdentityPolicy"
UPDATE = "ses:UpdateEmailIdentityPolicy"
DELETE = "ses:DeleteEmailIdentityPolicy"

# Seconds before the next attempt: the quota of the policy calls is one per second (SES v2 API reference).
_PAUSES = (1.1, 2.2, 4.4)
# Seconds before another look, while SES still shows the old policies.
_UNTIL_SEEN = (0.5, 1.0, 2.0)

type Policies = Mapping[str, str]
type Wanted = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SesPolicyWriter:
    """Carries out GrantSending, and its undo; ``account`` is the deployment's."""

    clients: Clients
    account: str
    time: WriteTime

    def write(self, change: GrantSending, *, entry_id: str) -> WriteResult:
        """Write the policies of ``after`` if those of ``before`` are live.

        Puts first and deletes last. A partial write is not rolled back: each policy is a grant by itself. Raises an
        error only if AWS certainly wrote nothing.
        """
        reason = _why_never(change, self.account)
        if reason is not None:
            return Refused(reason=reason)
        deadline, client = self.time.begin(), self.clients.sesv2_once(change.identity.region)
        expected: Wanted = change.before
        window: WriteWindow | None = None
        for name in sorted(change.after, key=lambda name: (change.after[name] is None, name)):
            if change.before[name] is None and change.after[name] is None:
                continue
            written = tuple(sorted(each for each in change.after if expected[each] != change.before[each]))
            if window is not None and not deadline.allows(3 * LONGEST_CALL):
                return _partly(written, message("write.out-of-time"), window)
            try:
                sent = _one_policy(client, change, name, expected, deadline).carry_out()
            except (ClientError, BotoCoreError) as error:
                if window is None:
                    raise
                return _partly(written, _words_of(error), window)
            if not isinstance(sent, Taken):
                return _after_others(sent, written, window)
            window = sent.window if window is None else replace(window, written_at=sent.window.written_at)
            expected = {**expected, name: change.after[name]}
        if window is None:
            return Refused(reason=message("write.no-change"))
        return _verify(client, change, window, deadline, entry_id)


def _one_policy(
    client: "SESV2Client", change: GrantSending, name: str, expected: Wanted, deadline: Deadline
) -> GuardedWrite[Policies]:
    def drift(live: Policies) -> Message | None:
        moved = _differing(expected, live)
        return message("write.policies-moved", policies=moved) if moved else None

    return GuardedWrite(
        resource=change.resource,
        deadline=deadline,
        look=lambda: _look_after(client, change, expected, deadline),
        drift=drift,
        is_written=lambda live: not _differing({**expected, name: change.after[name]}, live),
        send=_call(client, change, name),
        refused=lambda error: Refused(reason=message("write.refused-by-aws", error=message_of(error))),
        moved=_moved,
        pauses=_PAUSES,
        longest=2 * LONGEST_CALL,
        reserve=2 * LONGEST_CALL,
    )


def _call(client: "SESV2Client", change: GrantSending, name: str) -> Callable[[], object]:
    identity, before, after = change.identity.name, change.before[name], change.after[name]
    if after is None:
        return lambda: client.delete_email_identity_policy(EmailIdentity=identity, PolicyName=name)
    if before is None:
        return lambda: client.create_email_identity_policy(EmailIdentity=identity, PolicyName=name, Policy=after)
    return lambda: client.update_email_identity_policy(EmailIdentity=identity, PolicyName=name, Policy=after)


def _policies(client: "SESV2Client", change: GrantSending) -> Policies:
    return client.get_email_identity(EmailIdentity=change.identity.name).get("Policies", {})


def _look_after(
    client: "SESV2Client", change: GrantSending, expected: Wanted, deadline: Deadline
) -> Policies | Drifted | Refused:
    """Look; where SES still shows a policy as it was before this write replaced it, wait for a moment."""
    written = {name: before for name, before in change.before.items() if expected[name] != before}
    if not written:
        return _look(client, change)
    return deadline.read_until(
        lambda: _look(client, change),
        lambda found: isinstance(found, Drifted | Refused) or _differing(written, found) == tuple(sorted(written)),
        pauses=_UNTIL_SEEN,
        longest=LONGEST_CALL,
    )


def _look(client: "SESV2Client", change: GrantSending) -> Policies | Drifted | Refused:
    return look_before(lambda: _policies(client, change), action=GET, moved=_moved)


def _moved(error: AwsError) -> Drifted:
    return Drifted(reason=message("write.identity-moved", error=message_of(error)))


def _verify(
    client: "SESV2Client", change: GrantSending, window: WriteWindow, deadline: Deadline, entry_id: str
) -> WriteResult:
    """Compare our own policies; a change of another actor to others is no effect of this write."""
    try:
        live = deadline.read_until(
            lambda: _policies(client, change),
            lambda found: not _differing(change.after, found),
            pauses=_UNTIL_SEEN,
            longest=LONGEST_CALL,
        )
    except (ClientError, BotoCoreError) as error:
        return Unconfirmed(reason=message("write.not-verified", code=code_of(error)), window=window)
    differing = _differing(change.after, live)
    if not differing:
        return Written(entry_id=entry_id, window=window)
    if not _differing({name: change.before[name] for name in differing}, live):
        return Unconfirmed(reason=message("write.not-visible"), window=window)
    return SideEffect(reason=message("write.policies-wrong", policies=differing), window=window)


def _after_others(stopped: Stopped, written: tuple[str, ...], window: WriteWindow | None) -> Stopped:
    """The result if one policy was not written after *written* were."""
    if window is None:
        return stopped
    match stopped:
        case Unconfirmed(window=later) | SideEffect(window=WriteWindow() as later):
            return replace(stopped, window=replace(window, written_at=later.written_at))
        case _:
            return _partly(written, stopped.reason, window)


def _partly(written: tuple[str, ...], reason: Message, window: WriteWindow) -> SideEffect:
    return SideEffect(reason=message("write.partly", policies=written, reason=reason), window=window)


def _words_of(error: AwsError) -> Message:
    return message("write.refused-by-aws", error=message_of(error))


def _why_never(change: GrantSending, account: str) -> Message | None:
    if change.identity.account != account:
        return message("write.identity-of-another-account", account=change.identity.account)
    if change.before.keys() != change.after.keys() or not change.after:
        return message("write.other-policies")
    foreign = tuple(sorted(name for name in change.after if not is_own_name(name)))
    if foreign:
        return message("write.foreign-policies", policies=foreign)
    return None


def _differing(wanted: Wanted, live: Policies) -> tuple[str, ...]:
    return tuple(
        sorted(name for name, text in wanted.items() if canonical_text(text) != canonical_text(live.get(name)))
    )
