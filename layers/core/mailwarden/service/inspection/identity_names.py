"""The identities that a look asks about: the sender's own, and those that the pool could use instead."""

from collections.abc import Iterable
from dataclasses import replace

from mailwarden.domain.mail_path.path import Sender, UsesIdentity
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.regions import NoRow, RegionRow

# Of an address whose own domain is not verified: each costs two reads.
_MOST_DOMAINS = 4


def own_region_first(regions: Iterable[str], pool_region: str) -> tuple[str, ...]:
    """The regions in the order of the search: the pool's own, then in the order of AWS's page."""
    return tuple(sorted(regions, key=lambda region: region != pool_region))


def identities_of(pool: PoolRef, sender: Sender, row: RegionRow | NoRow) -> tuple[IdentityRef, ...]:
    """The identities whose state the mail depends on: the ``ses:*`` form means one in each listed region."""
    if not isinstance(sender, UsesIdentity):
        return ()
    if sender.ref.region != "*":
        return (sender.ref,)
    if isinstance(row, NoRow) or row.pool_region != pool.region:
        return ()
    return tuple(in_region(sender.ref, region) for region in row.regions(sender.use))


def in_region(ref: IdentityRef, region: str) -> IdentityRef:
    """The identity of the same name in another region."""
    return IdentityRef(partition=ref.partition, region=region, account=ref.account, name=ref.name)


def is_foreign_to(identity: IdentityRef, pool: PoolRef) -> bool:
    """Whether the identity is one of another account or partition than the pool."""
    return (identity.partition, identity.account) != (pool.partition, pool.account)


def in_lower_case(ref: IdentityRef) -> IdentityRef:
    """The same identity as SES stores it: a domain, and the domain of an address, is in lower case."""
    local, at, domain = ref.name.rpartition("@")
    return replace(ref, name=f"{local}{at}{domain.lower()}")


def domains_of(ref: IdentityRef) -> tuple[IdentityRef, ...]:
    """The domain of an address and its parents, nearest first, without the top level; SES keeps them in lower case."""
    labels = ref.name.rpartition("@")[2].lower().split(".")
    names = [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))]
    return tuple(replace(ref, name=name) for name in names[:_MOST_DOMAINS])
