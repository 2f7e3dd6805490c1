"""The pools that sending policies name by full ARN, and those of them that no longer exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.policy import statements_naming_pools


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPools:
    """The existence of the pools that the policies of a path's identities name.

    ``gone``: AWS has no such pool; ``asked`` is the subset that this look asked AWS about. ``unsure``: by pool, why its
    existence is unknown. Every other pool is assumed to exist.
    """

    gone: frozenset[PoolRef] = frozenset()
    asked: frozenset[PoolRef] = frozenset()
    unsure: Mapping[PoolRef, str] = field(default_factory=dict)


def pools_named(policies: Mapping[str, str], of: PoolRef) -> frozenset[PoolRef]:
    """The pools of the account and partition of the pool *of* that Allow statements name; *of* is known to exist."""
    arns = frozenset(arn for statement in statements_naming_pools(policies) for arn in statement.arns)
    pools = frozenset(pool for pool in map(_pool, arns) if pool is not None)
    return frozenset(
        pool for pool in pools if (pool.partition, pool.account) == (of.partition, of.account) and pool != of
    )


def _pool(arn: str) -> PoolRef | None:
    try:
        return PoolRef.from_arn(arn)
    except NotASubject:
        return None
