"""Reads the pool that a question or an order names, by its id or its ARN."""

from mailwarden.documents.faults import shown, wrong
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.refs.resources import NotASubject, PoolRef, is_pool_id
from mailwarden.message import Message, message
from mailwarden.region_names import is_region


def asked_pool(members: Members, name: str, *, partition: str, account: str) -> AskedPool:
    """The pool in the member *name*, and the region in the member ``region``; raises MalformedDocument."""
    pool, region = members.text(name), optional_region(members, "region")
    if is_pool_id(pool):
        return AskedPool(pool_id=pool, region=region)
    try:
        ref = PoolRef.from_arn(pool)
    except NotASubject as error:
        raise MalformedDocument(no_pool(f"{members.where}.{name}", pool)) from error
    if (ref.partition, ref.account) != (partition, account):
        member = f"{members.where}.{name}"
        raise MalformedDocument(message("question.other-account", member=member, account=ref.account, ours=account))
    if region not in {None, ref.region}:
        member = f"{members.where}.region"
        raise MalformedDocument(message("question.other-region", member=member, region=str(region), named=ref.region))
    return AskedPool(pool_id=ref.pool_id, region=ref.region)


def no_pool(member: str, value: str) -> Message:
    """The message that a *member* names no user pool."""
    return message("question.no-pool", member=member, value=shown(value))


def no_address(member: str) -> Message:
    """The message that a *member* is no address; it does not show the value, which may be a recipient's."""
    return message("document.no-address", member=member)


def optional_region(members: Members, name: str) -> str | None:
    """A region, or None; raises MalformedDocument for a text that does not look like a region."""
    region = members.optional_text(name)
    if region is not None and not is_region(region):
        raise MalformedDocument(wrong(f"{members.where}.{name}", region, message("expected.region")))
    return region
