"""Rates, suppression and notices of SES accounts and configuration sets, as the functions that read them left them."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from mailwarden.adapters.aws.dynamodb.items import Item, item_of, members_of, optional_document, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import feedback_key
from mailwarden.adapters.ledger.reputation.ses_notices import NOTICE, notice_from
from mailwarden.documents.reader import Members
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures, RateStatus, SesFeedback, SuppressionGrowth
from mailwarden.domain.reputation.rate_levels import RateLevel

RATES = "RATES"
SUPPRESSION = "SUPPRESSION"
# A look is to cost the same whatever SES has to say; nobody reads more than these.
_MOST_NOTICES = 50
_FIGURES = (
    "sends",
    "deliveries",
    "bounces",
    "complaints",
    "rejects",
    "rendering_failures",
    "bounce_rate",
    "complaint_rate",
)
_LEVELS = {level.label: level for level in RateLevel}


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoFeedback:
    """Implements ``Feedback``: the items ``FEEDBACK#subject / RATES``, with what stands beside them."""

    table: Table

    def of(self, account: SesAccountRef) -> SesFeedback:
        """All that is known of an account's feedback, at most 50 notices, with one query; raises MalformedDocument.

        Notices that are over are passed over by DynamoDB: they cost a part of a read and never come over the wire.
        """
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :account",
            FilterExpression="attribute_not_exists(#over)",
            ExpressionAttributeNames={"#over": "over"},
            ExpressionAttributeValues=values_of({":account": feedback_key(account)}),
            ConsistentRead=True,
        )
        items = {item["sk"]["S"]: item for page in pages for item in page["Items"]}
        rates, suppression = items.get(RATES), items.get(SUPPRESSION)
        notices = (item for sk, item in items.items() if sk.startswith(NOTICE))
        return SesFeedback(
            rates=None if rates is None else rates_from(members_of(rates), account),
            suppression=None if suppression is None else suppression_from(members_of(suppression)),
            notices=tuple(notice_from(members_of(item), account) for item in islice(notices, _MOST_NOTICES)),
        )

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        """How an account or a set stands, with one read; raises MalformedDocument."""
        members = self.table.read(feedback_key(subject), RATES)
        return None if members is None else rates_from(members, subject)

    def put_rates(self, rate_status: RateStatus) -> None:
        """Keep how an account or a set stands."""
        self.table.client.put_item(TableName=self.table.name, Item=rates_item(rate_status))


def rates_item(rate_status: RateStatus) -> Item:
    """A standing as an item; ``rates_from`` reads it back."""
    return item_of(
        feedback_key(rate_status.subject),
        RATES,
        {
            "looked_at": None if rate_status.looked_at is None else sortable(rate_status.looked_at),
            "figures": figures_members(rate_status.figures),
            "bounce_level": rate_status.bounce_level.label,
            "complaint_level": rate_status.complaint_level.label,
            "sends_since": None if rate_status.sends_since is None else sortable(rate_status.sends_since),
            "refused": optional_document(rate_status.refused),
            "tried_at": None if rate_status.tried_at is None else sortable(rate_status.tried_at),
        },
    )


def rates_from(members: Members, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus:
    """Read a standing back; raises MalformedDocument."""
    return RateStatus(
        subject=subject,
        looked_at=members.optional_time("looked_at"),
        figures=figures_from(members.members("figures")),
        bounce_level=members.one_of("bounce_level", _LEVELS),
        complaint_level=members.one_of("complaint_level", _LEVELS),
        sends_since=members.optional_time("sends_since"),
        refused=members.optional_message("refused"),
        tried_at=members.optional_time("tried_at"),
    )


def figures_members(figures: Figures) -> dict[str, Decimal]:
    """The figures that there are; a missing one is left out."""
    values = {name: getattr(figures, name) for name in _FIGURES}
    return {name: Decimal(repr(value)) for name, value in values.items() if value is not None}


def figures_from(members: Members) -> Figures:
    """Read figures back; raises MalformedDocument."""
    return Figures(**{name: members.optional_quantity(name) for name in _FIGURES})


def suppression_from(members: Members) -> SuppressionGrowth:
    """Read what people may know of a suppression list; raises MalformedDocument."""
    return SuppressionGrowth(
        counted_to=members.optional_time("counted_to"),
        added=members.numbers_by_day("added"),
        total=members.numbers_by_name("total") if members.has("total") else None,
        total_at=members.optional_time("total_at"),
        refused=members.optional_message("refused"),
    )
