"""The pools that sending policies name one by one, and which of them are known to be gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.policy import statements_naming_pools


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPools:
    """What is known of the pools that the policies of a path's identities name.

    ``gone``: AWS said that there is no such pool; ``asked`` are those of them of which it said so to this look.
    ``unsure``: why nobody can say, by pool. Of any other pool nothing is wrong, as far as anybody asked.
    """

    gone: frozenset[PoolRef] = frozenset()
    asked: frozenset[PoolRef] = frozenset()
    unsure: Mapping[PoolRef, str] = field(default_factory=dict)


def pools_named(policies: Mapping[str, str], of: PoolRef) -> frozenset[PoolRef]:
    """The pools of the account and partition of the pool *of* that Allow statements name; *of* is there anyway."""
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
