"""What the mail of pools passes through, listed in one place: the identities, sets and SES accounts of all looks.

A look lists what it newly uses before it is put. Whoever reads the list asks the reverse index, which cannot be wrong,
and drops what no pool uses any more.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import item_of, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.documents.members import Members
from mailwarden.domain.refs.resources import NotASubject, Subject, SubjectKind, kind_of, subject_from_arn
from mailwarden.domain.repair.change_documents import MalformedDocument

_LISTED = "INUSE"
_KINDS = frozenset({SubjectKind.IDENTITY, SubjectKind.CONFIGURATION_SET, SubjectKind.SES_ACCOUNT})
# Between an entry here and the look that goes with it lie moments; a message that waited makes the look seem older.
_BEFORE_THE_LOOK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesInUse:
    """The items ``INUSE / arn``."""

    table: Table

    def put(self, arns: Iterable[str], *, at: datetime) -> None:
        """List what is used from now on; names that are nothing of SES are left out."""
        for arn in arns:
            if _subject(arn) is not None:
                self.table.client.put_item(
                    TableName=self.table.name, Item=item_of(_LISTED, arn, {"listed_at": sortable(at)})
                )

    def verified(
        self, *, kinds: Collection[SubjectKind], now: datetime, garbled: Callable[[MalformedDocument], object]
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
            if self._is_used(subject):
                used.append(subject)
            try:
                members = members_of(item)
                listed_at = members.time("listed_at")
            except MalformedDocument as error:
                garbled(error)
                continue
            if subject not in used and now - listed_at > _BEFORE_THE_LOOK:
                self._drop(members)
        return tuple(used)

    def _is_used(self, subject: Subject) -> bool:
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject",
            ExpressionAttributeValues=values_of({":subject": uses_key(subject.arn)}),
            ConsistentRead=True,
            Limit=1,
        )
        return bool(answer["Items"])

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


def _subject(arn: str) -> Subject | None:
    try:
        subject = subject_from_arn(arn)
    except NotASubject:
        return None
    return subject if kind_of(subject) in _KINDS else None
