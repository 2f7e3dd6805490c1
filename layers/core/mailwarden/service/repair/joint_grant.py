"""One grant for all: an identity's policy is written once, for every pool that needs it and may have it."""

from collections.abc import Sequence
from dataclasses import replace

from mailwarden.domain.findings.changes import Fix, GrantSending
from mailwarden.domain.mail_path.path import MailPath
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
    live = next(
        (ses_state.live_identity for ses_state in paths[0].ses_states if ses_state.identity_ref == change.identity),
        None,
    )
    if live is None:
        return fix
    grants = [
        Grant(principal=path.row.principal, pool_arn=path.pool.ref.arn)
        for path in paths
        if isinstance(path.row, RegionRow)
    ]
    planned = grant_pools(
        live.policies, identity_arn=change.identity.arn, account=change.identity.account, grants=grants
    )
    if isinstance(planned, GrantImpossible):
        return fix
    # In one order, whoever came first: the same change must be known again when it is undone.
    pools = tuple(sorted((path.pool.ref for path in paths), key=lambda pool: pool.arn))
    return replace(
        fix,
        title=message(
            "fix.grant-pools", count=len(pools), identity=change.identity.name, region=change.identity.region
        ),
        change=replace(change, pools=pools, before=planned.before, after=planned.after),
    )
