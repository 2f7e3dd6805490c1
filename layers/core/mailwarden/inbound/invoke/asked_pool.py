"""Reads the pool that a question or an order names, by its id or its ARN."""

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.refs.resources import NotASubject, PoolRef, is_pool_id
from mailwarden.region_names import is_region


def asked_pool(members: Members, name: str, *, partition: str, account: str) -> AskedPool:
    """The pool in the member *name*, and the region in the member ``region``; raises MalformedDocument."""
    pool, region = members.text(name), optional_region(members, "region")
    if is_pool_id(pool):
        return AskedPool(pool_id=pool, region=region)
    try:
        ref = PoolRef.from_arn(pool)
    except NotASubject as error:
        raise MalformedDocument(f"{pool[:80]!r} is neither the id nor the ARN of a user pool") from error
    if (ref.partition, ref.account) != (partition, account):
        raise MalformedDocument(f"{members.where}.{name} names a pool of account {ref.account}, this is {account}")
    if region not in {None, ref.region}:
        raise MalformedDocument(f"{members.where}.region is {region}, but the ARN says {ref.region}")
    return AskedPool(pool_id=ref.pool_id, region=ref.region)


def optional_region(members: Members, name: str) -> str | None:
    """A region, or None; raises MalformedDocument for a text that does not look like a region."""
    region = members.optional_text(name)
    if region is not None and not is_region(region):
        raise MalformedDocument(f"{members.where}.{name} is {region[:40]!r}, not a region like eu-west-1")
    return region
