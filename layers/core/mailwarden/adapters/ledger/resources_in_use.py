"""What the mail of pools uses, back from there to the pools, and a list of all identities, sets and SES accounts.

A look lists what it newly uses before it is put. Whoever reads the list asks the reverse index, which cannot be wrong,
and drops what no pool uses any more.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import StoredItem, item_of, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.refs.resources import (
    NotASubject,
    PoolRef,
    Subject,
    SubjectKind,
    index_arn,
    kind_of,
    subject_from_arn,
)

_LISTED, _POOL = "INUSE", "POOL#"
_KINDS = frozenset({SubjectKind.IDENTITY, SubjectKind.CONFIGURATION_SET, SubjectKind.SES_ACCOUNT})
# Between an entry here and the look that goes with it lie moments; a message that waited makes the look seem older.
_BEFORE_THE_LOOK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoResourcesInUse:
    """Implements ``ResourcesInUse``: the items ``USES#… / POOL#…`` that looks put, and ``INUSE / arn``."""

    table: Table

    def put(self, arns: Iterable[str], *, at: datetime) -> None:
        """List what is used from now on; names that are nothing of SES are left out."""
        for arn in arns:
            if _subject(arn) is not None:
                self.table.client.put_item(
                    TableName=self.table.name, Item=item_of(_LISTED, arn, {"listed_at": sortable(at)})
                )

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        """The pools whose last look used *subject*, in the order of their ARNs."""
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject",
            ExpressionAttributeValues=values_of({":subject": uses_key(index_arn(subject))}),
            ConsistentRead=True,
        )
        return tuple(_pool(item) for page in pages for item in page["Items"])

    def is_used(self, subject: Subject) -> bool:
        """Whether the last look at any pool used *subject*."""
        return bool(self._some_using(index_arn(subject), most=1))

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        """The pools whose last look found that they send so, at most two: of more, no single one is meant."""
        return tuple(_pool(item) for item in self._some_using(sender.arn, most=2))

    def listed(
        self, *, kinds: Collection[SubjectKind], now: datetime, corrupt: Callable[[MalformedDocument], object]
    ) -> tuple[Subject, ...]:
        """What of these kinds is used; what is not, and was not listed lately, is dropped.

        What an entry names is in its key: if it cannot be read any further, only when it was listed is not known.
        """
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :listed",
            ExpressionAttributeValues=values_of({":listed": _LISTED}),
            ConsistentRead=True,
        )
        used: list[Subject] = []
        for item in [item for page in pages for item in page["Items"]]:
            subject = _subject(item["sk"]["S"])
            if subject is None or kind_of(subject) not in kinds:
                continue
            if self.is_used(subject):
                used.append(subject)
            try:
                members = members_of(item)
                listed_at = members.time("listed_at")
            except MalformedDocument as error:
                corrupt(error)
                continue
            if subject not in used and now - listed_at > _BEFORE_THE_LOOK:
                self._drop(members)
        return tuple(used)

    def _some_using(self, arn: str, *, most: int) -> "list[StoredItem]":
        """The first *most* entries of the reverse index of a thing, in one read."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject",
            ExpressionAttributeValues=values_of({":subject": uses_key(arn)}),
            ConsistentRead=True,
            Limit=most,
        )
        return [*answer["Items"]]

    def _drop(self, members: Members) -> None:
        try:
            self.table.client.delete_item(
                TableName=self.table.name,
                Key=key_of(_LISTED, members.text("sk")),
                ConditionExpression="listed_at = :listed_at",
                ExpressionAttributeValues=values_of({":listed_at": members.text("listed_at")}),
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            # A look listed it again meanwhile.
            return


def uses_key(arn: str) -> str:
    """The partition of the reverse index: who uses a thing."""
    return f"USES#{arn}"


def _pool(item: StoredItem) -> PoolRef:
    """The pool that an entry of the reverse index names in its key, whatever else it holds."""
    return PoolRef.from_arn(item["sk"]["S"].removeprefix(_POOL))


def _subject(arn: str) -> Subject | None:
    try:
        subject = subject_from_arn(arn)
    except NotASubject:
        return None
    return subject if kind_of(subject) in _KINDS else None
