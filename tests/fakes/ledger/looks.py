"""Looks in memory, and what follows from them: what is in use, and which pools exist."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.refs.resources import (
    NotASubject,
    PoolRef,
    Subject,
    SubjectKind,
    index_arn,
    kind_of,
    subject_from_arn,
)


@dataclass(slots=True, kw_only=True)
class InMemoryLooks:
    """Implements ``Looks``."""

    held: dict[PoolRef, LookRecord] = field(default_factory=dict)
    gone: dict[PoolRef, datetime] = field(default_factory=dict)

    def last(self, pool: PoolRef) -> LookRecord | None:
        return self.held.get(pool)

    def last_of(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, LookRecord]:
        return {pool: self.held[pool] for pool in pools if pool in self.held}

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        known = self.held.get(look.pool)
        # As in the table: its date and what it uses tell a look from another.
        is_same = (known and (known.looked_at, known.uses)) == (last and (last.looked_at, last.uses))
        return is_same and self.put(look)

    def put(self, look: LookRecord) -> bool:
        if self._known_at(look.pool, default=look.looked_at) > look.looked_at:
            return False
        self.gone.pop(look.pool, None)
        self.held[look.pool] = look
        return True

    def forget(self, pool: PoolRef, *, at: datetime) -> None:
        if self._known_at(pool, default=at) > at:
            return
        self.held.pop(pool, None)
        self.gone[pool] = at

    def _known_at(self, pool: PoolRef, *, default: datetime) -> datetime:
        look = self.held.get(pool)
        return self.gone.get(pool, default) if look is None else look.looked_at


@dataclass(slots=True, kw_only=True)
class InMemoryResourcesInUse:
    """Implements ``ResourcesInUse``."""

    looks: InMemoryLooks

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        return self._using(index_arn(subject))

    def is_used(self, subject: Subject) -> bool:
        return bool(self._using(index_arn(subject)))

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        return self._using(sender.arn)[:2]

    def listed(
        self,
        *,
        kinds: Collection[SubjectKind],
        now: datetime,  # noqa: ARG002 - nothing is listed apart here
        corrupt: Callable[[MalformedDocument], object],  # noqa: ARG002 - and nothing is corrupt
    ) -> tuple[Subject, ...]:
        used = {arn for look in self.looks.held.values() for arn in look.uses}
        subjects = (subject for arn in sorted(used) for subject in _subjects_of_ses(arn))
        return tuple(subject for subject in subjects if kind_of(subject) in kinds)

    def _using(self, arn: str) -> tuple[PoolRef, ...]:
        using = (pool for pool, look in self.looks.held.items() if arn in look.uses)
        return tuple(sorted(using, key=lambda pool: pool.arn))


@dataclass(slots=True, kw_only=True)
class InMemoryKnownPools:
    """Implements ``KnownPools``; ``asked`` holds the pools that AWS did not have."""

    looks: InMemoryLooks
    asked: dict[PoolRef, datetime] = field(default_factory=dict)
    sweeps: dict[str, datetime] = field(default_factory=dict)

    def alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        return pools & self.looks.held.keys()

    def gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        return {pool: at for pool, at in self.asked.items() if pool in pools}

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        self.asked[pool] = at

    def swept_at(self, region: str) -> datetime | None:
        return self.sweeps.get(region)

    def mark_swept(self, region: str, *, at: datetime) -> None:
        self.sweeps[region] = max(at, self.sweeps.get(region, at))


def _subjects_of_ses(arn: str) -> tuple[Subject, ...]:
    try:
        subject = subject_from_arn(arn)
    except NotASubject:
        return ()
    listed = {SubjectKind.IDENTITY, SubjectKind.CONFIGURATION_SET, SubjectKind.SES_ACCOUNT}
    return (subject,) if kind_of(subject) in listed else ()
