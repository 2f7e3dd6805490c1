"""What is counted of suppression lists, with the passes under way; ``ledger_feedback`` reads what people may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mailwarden.adapters.aws.dynamodb.items import Item, item_of, key_of, optional_document, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import feedback_key
from mailwarden.adapters.ledger.reputation.feedback import SUPPRESSION, suppression_from
from mailwarden.documents.reader import Members
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import GrowthPass, RecountPass, SuppressionCount


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSuppressionCounts:
    """Implements ``SuppressionCounts``: the items ``FEEDBACK#account / SUPPRESSION``."""

    table: Table

    def read(self, account: SesAccountRef) -> SuppressionCount | None:
        """The count of an account; raises MalformedDocument."""
        members = self.table.read(feedback_key(account), SUPPRESSION)
        return None if members is None else _count_from(members, account)

    def put(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        """Keep a count if the stored revision is *replaces* (None: there is none); False otherwise."""
        return self.table.put(_item(count), replaces=None if replaces is None else {"revision": replaces})

    def forget(self, account: SesAccountRef) -> None:
        """Remove the count of an account."""
        self.table.client.delete_item(TableName=self.table.name, Key=key_of(feedback_key(account), SUPPRESSION))


def _item(count: SuppressionCount) -> Item:
    known, growth, recount = count.known, count.growth, count.recount
    return item_of(
        feedback_key(count.account),
        SUPPRESSION,
        {
            "counted_to": _told(known.counted_to),
            "added": _days(known.added),
            "total": None if known.total is None else dict(known.total),
            "total_at": _told(known.total_at),
            "refused": optional_document(known.refused),
            "told_day": None if count.told is None else count.told.isoformat(),
            "growth": None
            if growth is None
            else {"since": sortable(growth.since), "to": sortable(growth.to), "counts": _days(growth.counts)}
            | _token(growth.after),
            "recount": None
            if recount is None
            else {"started_at": sortable(recount.started_at), "counts": dict(recount.counts)} | _token(recount.after),
            "revision": count.revision,
        },
    )


def _count_from(members: Members, account: SesAccountRef) -> SuppressionCount:
    growth, recount = members.optional_members("growth"), members.optional_members("recount")
    return SuppressionCount(
        account=account,
        known=suppression_from(members),
        growth=None
        if growth is None
        else GrowthPass(
            since=growth.time("since"),
            to=growth.time("to"),
            counts=growth.numbers_by_day("counts"),
            after=growth.optional_text("after"),
        ),
        recount=None
        if recount is None
        else RecountPass(
            started_at=recount.time("started_at"),
            counts=recount.numbers_by_name("counts"),
            after=recount.optional_text("after"),
        ),
        told=members.optional_day("told_day"),
        revision=members.number("revision"),
    )


def _days(counts: Mapping[date, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {day.isoformat(): dict(reasons) for day, reasons in counts.items()}


def _told(at: datetime | None) -> str | None:
    return None if at is None else sortable(at)


def _token(after: str | None) -> dict[str, str]:
    return {} if after is None else {"after": after}
