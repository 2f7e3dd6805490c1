"""Finds the pools that sending policies name one by one."""

from collections.abc import Mapping

from mailwarden.domain.refs.resources import NotASubject, PoolRef
from mailwarden.policy import statements_naming_pools


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
