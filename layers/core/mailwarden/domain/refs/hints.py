"""Hints: "look at this". A hint names a subject and may say who caused it; it is never believed beyond that."""

from dataclasses import dataclass

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHint:
    """Look at one pool; ``attempt`` counts the looks that were put off because AWS did not answer at the moment.

    ``asks_anew``: something happens at the pool right now, so no reading from before may do. A call that led here
    always does.
    """

    pool: PoolRef
    cause: Cause | None = None
    attempt: int = 0
    asks_anew: bool = False

    @property
    def fresh(self) -> bool:
        """Whether everything is to be read anew."""
        return self.asks_anew or self.cause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityHint:
    """Look at the pools that use an identity."""

    identity: IdentityRef
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSetHint:
    """Look at the pools that use a configuration set; ``asks_anew`` as in ``PoolHint``, where they are few."""

    configuration_set: ConfigurationSetRef
    cause: Cause | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SesAccountHint:
    """Look at the pools whose mail passes through the SES account of one region; ``asks_anew`` where they are few."""

    account: SesAccountRef
    cause: Cause | None = None
    asks_anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionHint:
    """Look at every pool of a region; ``after`` is the token of ListUserPools to go on from."""

    region: str
    after: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EverywhereHint:
    """Look at every pool of every watched region."""

    cause: Cause | None = None


type Hint = PoolHint | IdentityHint | ConfigurationSetHint | SesAccountHint | RegionHint | EverywhereHint
