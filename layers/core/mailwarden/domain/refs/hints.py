"""Hints: requests to look at a subject. A hint names the subject and perhaps a cause; it carries no other trust."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHint:
    """Look at one pool; ``attempt`` counts the looks that were postponed because of transient failures.

    ``asks_anew``: the pool is changing now, so the look bypasses the cache. A hint with a cause always does.
    ``waits``: the ledger knows the waiting look; without it there, the look was made already.
    """

    pool: PoolRef
    cause: Cause | None = None
    attempt: int = 0
    asks_anew: bool = False
    waits: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the look bypasses the cache."""
        return self.asks_anew or self.cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLook:
    """The one look that waits for a pool: every hint that comes before it begins is covered by it.

    ``wanted_at`` is the time of the latest hint, ``due`` the place of the look in our share of AWS's rates, ``asker``
    the event that let it wait. ``paid`` holds the SES regions in which it was given a place, too. ``revision``
    changes with each hint.
    """

    pool: PoolRef
    wanted_at: datetime
    due: datetime
    causes: tuple[Cause, ...] = ()
    asks_anew: bool = False
    attempt: int = 0
    asker: str = ""
    paid: tuple[str, ...] = ()
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GarbledLook:
    """A look that waits and cannot be read; ``reason`` names what is wrong with it, for the log."""

    pool: PoolRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityHint:
    """Look at the pools that use an identity: those with an ARN above ``after`` and up to ``until``, where given."""

    identity: IdentityRef
    cause: Cause | None = None
    after: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSetHint:
    """Look at the pools that use a configuration set.

    ``asks_anew`` as in ``PoolHint``, ``after`` and ``until`` as in ``IdentityHint``.
    """

    configuration_set: ConfigurationSetRef
    cause: Cause | None = None
    asks_anew: bool = False
    after: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SesAccountHint:
    """Look at the pools whose mail passes through an SES account; members as in ``ConfigurationSetHint``."""

    account: SesAccountRef
    cause: Cause | None = None
    asks_anew: bool = False
    after: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionHint:
    """Look at every pool of a region; ``after`` is the ListUserPools token to continue from.

    ``begun_at`` is the start of a sweep that continues, ``restarts`` how often AWS no longer took its token.
    """

    region: str
    after: str | None = None
    cause: Cause | None = None
    begun_at: datetime | None = None
    restarts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EverywhereHint:
    """Look at every pool of every watched region."""

    cause: Cause | None = None


type Hint = PoolHint | IdentityHint | ConfigurationSetHint | SesAccountHint | RegionHint | EverywhereHint
