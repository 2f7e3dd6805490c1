"""Hints: requests to look at a subject. A hint names the subject and perhaps a cause; it carries no other trust."""

from dataclasses import dataclass

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHint:
    """Look at one pool; ``attempt`` counts the looks that were postponed because of transient failures.

    ``asks_anew``: the pool is changing now, so the look bypasses the cache. A hint with a cause always does.
    """

    pool: PoolRef
    cause: Cause | None = None
    attempt: int = 0
    asks_anew: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the look bypasses the cache."""
        return self.asks_anew or self.cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityHint:
    """Look at the pools that use an identity."""

    identity: IdentityRef
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSetHint:
    """Look at the pools that use a configuration set; ``asks_anew`` as in ``PoolHint``, if they are few."""

    configuration_set: ConfigurationSetRef
    cause: Cause | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SesAccountHint:
    """Look at the pools whose mail passes through the SES account of one region; ``asks_anew`` if they are few."""

    account: SesAccountRef
    cause: Cause | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionHint:
    """Look at every pool of a region; ``after`` is the ListUserPools token to continue from."""

    region: str
    after: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EverywhereHint:
    """Look at every pool of every watched region."""

    cause: Cause | None = None


type Hint = PoolHint | IdentityHint | ConfigurationSetHint | SesAccountHint | RegionHint | EverywhereHint
