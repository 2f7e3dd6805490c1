"""One grant for all: an identity's policy is written once, for every pool that needs it and may have it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import message
from mailwarden.policy.grant.grant import Grant, GrantImpossible, grant_pools
from mailwarden.regions import RegionRow


def joint_fix(fix: Fix, paths: Sequence[MailPath]) -> Fix:
    """*fix* widened to the pools of all *paths*, each of which was judged and planned to be granted by itself.

    The first path is the one *fix* came from. Where the pools do not fit together, *fix* stays as it is and the others
    wait for their own turn.
    """
    change = fix.change
    if not isinstance(change, GrantSending) or len(paths) < 2:
        return fix
    live = _live(paths[0], change)
    if live is None:
        return fix
    grants = {
        path.pool.ref: Grant(principal=path.row.principal, pool_arn=path.pool.ref.arn)
        for path in paths
        if isinstance(path.row, RegionRow)
    }
    planned = grant_pools(
        live.policies, identity_arn=change.identity.arn, account=change.identity.account, grants=grants.values()
    )
    if isinstance(planned, GrantImpossible):
        return fix
    # In one order, whoever came first: the same change must be known again when it is undone.
    pools = tuple(sorted(grants, key=lambda pool: pool.arn))
    return replace(
        fix,
        title=message(
            "fix.grant-pools", count=len(pools), identity=change.identity.name, region=change.identity.region
        ),
        change=replace(change, pools=pools, before=planned.before, after=planned.after),
    )


def serves(change: Change, pool: PoolRef) -> bool:
    """Whether *change* repairs *pool*, which lacks what is written: a grant serves the pools that it names."""
    match change:
        case GrantSending(pools=pools):
            return pool in pools
        case ReplaceEmailConfiguration(pool=written):
            return pool == written
        case CreateServiceLinkedRole():
            return True


def _live(path: MailPath, change: GrantSending) -> Identity | None:
    states = (state.live_identity for state in path.ses_states if state.identity_ref == change.identity)
    return next(states, None)


def room_in_one_policy(fix: Fix, first: MailPath, pools: Sequence[PoolRef]) -> int:
    """How many of *pools*, from the first on, are granted by the same call of SES as the pool of *fix*.

    The others wait for a call of their own: each call writes one policy, and a policy that is half full would be
    written twice. All for a fix that grants nothing.
    """
    change = fix.change
    if not isinstance(change, GrantSending):
        return len(pools)
    live = _live(first, change)
    if live is None or not isinstance(first.row, RegionRow):
        return 0
    principal, identity = first.row.principal, change.identity

    def needs_another_call(number: int) -> bool:
        wanted = (first.pool.ref, *pools[:number])
        planned = grant_pools(
            live.policies,
            identity_arn=identity.arn,
            account=identity.account,
            grants=[Grant(principal=principal, pool_arn=pool.arn) for pool in wanted],
        )
        return isinstance(planned, GrantImpossible) or len(planned.writes) > len(change.after)

    return bisect_left(range(1, len(pools) + 1), x=True, key=needs_another_call)
