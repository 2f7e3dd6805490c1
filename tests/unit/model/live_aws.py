"""AWS as it lives: it refuses, throttles, loses answers, shows a write late, and lets others write in between.

``deeds`` is a record of its own of what each actor wrote, member by member; no code of the package takes part in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.readings import Identity, IdentityReading, Missing, Pool, PoolReading, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.limits import Limits
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.ports.mail_path.pools import PoolPage
from tests.fakes.deployment import TickingClock

type Member = tuple[str, str]
READ_POOLS, READ_IDENTITIES, WRITE = "cognito-idp:DescribeUserPool", "ses:GetEmailIdentity", "write"


class ThrottledError(RuntimeError):
    """AWS was busy at each attempt, and nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A write of ours that AWS took: what was live just before, what the operator allowed, and who had spoken last."""

    entry_id: str
    change: Change
    at: datetime
    over: Pool | Identity
    limits: Limits
    last_words: dict[Member, str]
    overlapped: bool


@dataclass(slots=True, kw_only=True)
class LiveAws:
    """Pools and identities, who wrote which member last, and the faults of the moment."""

    clock: TickingClock
    pools: dict[PoolRef, Pool] = field(default_factory=dict)
    identities: dict[IdentityRef, Identity] = field(default_factory=dict)
    expected: dict[Member, object] = field(default_factory=dict)
    last_words: dict[Member, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    late: dict[str, tuple[datetime, Pool | Identity]] = field(default_factory=dict)
    throttled: dict[str, datetime] = field(default_factory=dict)
    denied: dict[str, datetime] = field(default_factory=dict)
    lag: timedelta = timedelta(0)
    loses_answer: bool = False
    rival: Callable[[], None] | None = None
    rival_after: Callable[[], None] | None = None
    limits: Callable[[], Limits] = Limits

    def hold(self, resource: Pool | Identity, *, by: str, told: dict[str, object] | None = None) -> None:
        """An actor writes: *told* are the members that it meant to write, by default all that differ."""
        known = self._live(resource.ref)
        before = {} if known is None else members_of(known)
        after = members_of(resource)
        for name in before.keys() | after.keys():
            if (told is None and before.get(name) != after.get(name)) or (told is not None and name in told):
                self.last_words[resource.ref.arn, name] = by
                self.expected[resource.ref.arn, name] = after.get(name) if told is None else told[name]
        match resource:
            case Pool():
                self.pools[resource.ref] = resource
            case Identity():
                self.identities[resource.ref] = resource

    def seen(self, ref: PoolRef | IdentityRef) -> Pool | Identity | None:
        """What a read shows now."""
        until, old = self.late.get(ref.arn, (self.clock.at, None))
        return old if old is not None and self.clock.at < until else self._live(ref)

    def refusal(self, action: str, region: str) -> Unreadable | None:
        """Why a read fails now."""
        if self.throttled.get(action, self.clock.at) > self.clock.at:
            return Unreadable(action=action, region=region, reason="TooManyRequestsException", transient=True)
        if self.denied.get(action, self.clock.at) > self.clock.at:
            return Unreadable(action=action, region=region, reason="AccessDenied")
        return None

    def write(self, change: Change, *, entry_id: str) -> WriteResult:
        """Implements ``ChangeWriter`` as ours do: compare, write, look again; it raises only if nothing was written."""
        if isinstance(change, CreateServiceLinkedRole):
            raise TypeError("the role exists")
        ref = change.pool if isinstance(change, ReplaceEmailConfiguration) else change.identity
        if self.refusal(WRITE, ref.region) is not None:
            if self.throttled.get(WRITE, self.clock.at) > self.clock.at:
                raise ThrottledError(entry_id)
            return Refused(reason=verbatim("AccessDenied"))
        compared, since = self.seen(ref), self.clock.now()
        if compared is None or not is_before(change, compared):
            return Drifted(reason=verbatim("before is not live"))
        self._let(("rival",))
        live = self._live(ref)
        if live is None or (isinstance(change, GrantSending) and _cannot_create(change, live)):
            return Drifted(reason=verbatim("AlreadyExists or NotFound"))
        self._take(change, compared, live, entry_id)
        window = WriteWindow(resource=change.resource, compared_at=since, written_at=self.clock.now())
        lost, self.loses_answer = self.loses_answer, False
        self._let(("rival_after",))
        # Our writers look again for some seconds.
        self.clock.pass_by(seconds=4)
        shown = self.seen(ref)
        if shown is None or (lost and self.refusal(READ_POOLS, ref.region) is not None):
            return Unconfirmed(reason=verbatim("no look showed it"), window=window)
        if is_before(change, shown):
            return Unconfirmed(reason=verbatim("not visible yet"), window=window)
        if not is_after(change, shown):
            return SideEffect(reason=verbatim("something else is live"), window=window)
        return Written(entry_id=entry_id, window=window)

    def _let(self, whom: tuple[str, ...]) -> None:
        for name in whom:
            act: Callable[[], None] | None = getattr(self, name)
            setattr(self, name, None)
            if act is not None:
                act()

    def _live(self, ref: PoolRef | IdentityRef) -> Pool | Identity | None:
        return self.pools.get(ref) if isinstance(ref, PoolRef) else self.identities.get(ref)

    def _take(self, change: Change, compared: Pool | Identity, live: Pool | Identity, entry_id: str) -> None:
        self.taken.append(
            Taken(
                entry_id=entry_id,
                change=change,
                at=self.clock.at,
                over=live,
                limits=self.limits(),
                last_words=dict(self.last_words),
                overlapped=compared != live,
            )
        )
        if self.lag:
            self.late[live.ref.arn] = (self.clock.at + self.lag, compared)
        match change, compared, live:
            case ReplaceEmailConfiguration(after=after), Pool(), Pool():
                # UpdateUserPool replaces the whole pool: what was compared is sent back.
                sent = replace(compared, email=after)
                told = {"email": after} | (members_of(sent) if compared != live else {})
                self.hold(sent, by=entry_id, told=dict(told))
            case GrantSending(after=texts), _, Identity():
                kept = {name: text for name, text in {**live.policies, **texts}.items() if text is not None}
                named = {f"policy {name}": text for name, text in texts.items()}
                self.hold(replace(live, policies=kept), by=entry_id, told=dict(named))
            case _:
                raise TypeError(change)


@dataclass(slots=True, kw_only=True)
class LivePools:
    """Implements ``Pools``."""

    aws: LiveAws

    def read(self, pool: PoolRef) -> PoolReading:
        refusal = self.aws.refusal(READ_POOLS, pool.region)
        seen = self.aws.seen(pool)
        return refusal or (seen if isinstance(seen, Pool) else Missing(arn=pool.arn))

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        del after
        listed = tuple(ref for ref in self.aws.pools if ref.region == region)
        return self.aws.refusal(READ_POOLS, region) or PoolPage(pools=listed, after=None)


@dataclass(slots=True, kw_only=True)
class LiveIdentities:
    """Implements ``Identities``."""

    aws: LiveAws

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        del fresh
        refusal = self.aws.refusal(READ_IDENTITIES, identity.region)
        seen = self.aws.seen(identity)
        return refusal or (seen if isinstance(seen, Identity) else Missing(arn=identity.arn))


def members_of(resource: Pool | Identity) -> dict[str, object]:
    """Every member that anybody may write."""
    match resource:
        case Pool(name=name, email=email, tags=tags):
            return {"name": name, "email": email, "tags": tags}
        case Identity(policies=policies, tags=tags, verified_for_sending=verified):
            named = {f"policy {name}": text for name, text in policies.items()}
            return {"tags": tags, "verified": verified, **named}


def is_before(change: object, live: Pool | Identity) -> bool:
    """Whether what a change would write is as before it."""
    match change, live:
        case ReplaceEmailConfiguration(before=before), Pool(email=email):
            return email == before
        case GrantSending(before=texts), Identity(policies=policies):
            return all(policies.get(name) == text for name, text in texts.items())
        case _:
            raise TypeError(change)


def is_after(change: object, live: Pool | Identity) -> bool:
    """Whether what a change would write is as after it."""
    match change, live:
        case ReplaceEmailConfiguration(after=after), Pool(email=email):
            return email == after
        case GrantSending(after=texts), Identity(policies=policies):
            return all(policies.get(name) == text for name, text in texts.items())
        case _:
            raise TypeError(change)


def _cannot_create(change: GrantSending, live: Pool | Identity) -> bool:
    return isinstance(live, Identity) and any(
        change.before[name] is None and text is not None and name in live.policies
        for name, text in change.after.items()
    )
