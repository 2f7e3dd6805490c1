"""Converts DynamoDB items ⇄ plain values: texts, integers, booleans, lists, maps. Times are texts that sort by time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.message import Message, argument_document, message, verbatim

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UniversalAttributeValueTypeDef

type Item = dict[str, UniversalAttributeValueTypeDef]
type StoredItem = Mapping[str, AttributeValueTypeDef]

FORMAT = 1
_SERIALIZER = TypeSerializer()
_DESERIALIZER = TypeDeserializer()


def item_of(pk: str, sk: str, members: Mapping[str, object]) -> Item:
    """The item with these keys; members that are None are left out, because an index cannot hold a null key."""
    present = {name: value for name, value in members.items() if value is not None}
    return values_of({"pk": pk, "sk": sk, "format": FORMAT, **present})


def values_of(members: Mapping[str, object]) -> Item:
    """Members in the notation of DynamoDB."""
    # The stubs of boto3 leave the result type open; it is the notation that every call accepts.
    return {
        name: cast("UniversalAttributeValueTypeDef", _SERIALIZER.serialize(value)) for name, value in members.items()
    }


def key_of(pk: str, sk: str) -> Item:
    """A primary key in the notation of DynamoDB."""
    return values_of({"pk": pk, "sk": sk})


def members_of(item: StoredItem) -> Members:
    """The members of an item, written by this version or one that adds to it.

    Raises MalformedDocument for an item without keys or of another format.
    """
    try:
        plain = {name: _plain(_DESERIALIZER.deserialize(value)) for name, value in item.items()}
    except (TypeError, AttributeError) as error:
        raise MalformedDocument(message("item.no-notation", error=verbatim(str(error)))) from error
    keys = Members(where="item", values=plain)
    members = Members(where=f"{keys.text('pk')} / {keys.text('sk')}", values=plain)
    known = members.number("format")
    if known != FORMAT:
        raise MalformedDocument(message("item.other-format", item=members.where, format=known, ours=FORMAT))
    return members


def optional_document(said: Message | None) -> object:
    """A message as a member of an item; None stays None."""
    return None if said is None else argument_document(said)


def sortable(at: datetime) -> str:
    """A time as a text of fixed width in UTC: texts sort as the times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def expiry(at: datetime, *, after: timedelta) -> int:
    """The value of the attribute ``expires_at``: seconds since 1970, after which DynamoDB may delete the item."""
    return int((at + after).timestamp())


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list():
            return [_plain(one) for one in value]
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case _:
            return value
