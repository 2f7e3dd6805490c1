"""Rates, suppression and notices of SES accounts and configuration sets, as the functions that read them left them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mailwarden.adapters.dynamo_items import Item, item_of, members_of, sortable, values_of
from mailwarden.adapters.dynamo_table import Table
from mailwarden.adapters.ledger_notices import NOTICE, is_over, notice_from
from mailwarden.adapters.ledger_records import feedback_key
from mailwarden.domain.documents import MalformedDocument
from mailwarden.domain.feedback import (
    Figures,
    RateStanding,
    SesFeedback,
    SuppressionGrowth,
)
from mailwarden.domain.rate_levels import RateLevel
from mailwarden.domain.subjects import ConfigurationSetRef, SesAccountRef
from mailwarden.inbound.members import Members

RATES = "RATES"
SUPPRESSION = "SUPPRESSION"
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
class Feedback:
    """The items ``FEEDBACK#subject / RATES``, ``… / SUPPRESSION`` and ``… / NOTICE#about#kind``."""

    table: Table

    def of(self, subject: SesAccountRef | ConfigurationSetRef) -> SesFeedback:
        """All that is known of an account's or a set's feedback, in one query; raises MalformedDocument."""
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject",
            ExpressionAttributeValues=values_of({":subject": feedback_key(subject)}),
            ConsistentRead=True,
        )
        items = {members.text("sk"): members for page in pages for members in map(members_of, page["Items"])}
        rates, suppression = items.get(RATES), items.get(SUPPRESSION)
        return SesFeedback(
            rates=None if rates is None else rates_from(rates, subject),
            suppression=None if suppression is None else suppression_from(suppression),
            notices=tuple(
                notice_from(members, subject)
                for sk, members in sorted(items.items())
                if sk.startswith(NOTICE) and isinstance(subject, SesAccountRef) and not is_over(members)
            ),
        )

    def put_rates(self, standing: RateStanding) -> None:
        """Keep how an account or a set stands."""
        self.table.client.put_item(TableName=self.table.name, Item=rates_item(standing))


def rates_item(standing: RateStanding) -> Item:
    """A standing as an item; ``rates_from`` reads it back."""
    return item_of(
        feedback_key(standing.subject),
        RATES,
        {
            "looked_at": None if standing.looked_at is None else sortable(standing.looked_at),
            "figures": figures_members(standing.figures),
            "bounce_level": standing.bounce_level.label,
            "complaint_level": standing.complaint_level.label,
            "sends_since": None if standing.sends_since is None else sortable(standing.sends_since),
            "refused": standing.refused,
            "tried_at": None if standing.tried_at is None else sortable(standing.tried_at),
        },
    )


def rates_from(members: Members, subject: SesAccountRef | ConfigurationSetRef) -> RateStanding:
    """Read a standing back; raises MalformedDocument."""
    return RateStanding(
        subject=subject,
        looked_at=members.time("looked_at") if members.has("looked_at") else None,
        figures=figures_from(members.members("figures")),
        bounce_level=_level(members, "bounce_level"),
        complaint_level=_level(members, "complaint_level"),
        sends_since=members.time("sends_since") if members.has("sends_since") else None,
        refused=members.optional_text("refused"),
        tried_at=members.time("tried_at") if members.has("tried_at") else None,
    )


def figures_members(figures: Figures) -> dict[str, Decimal]:
    """The figures that there are; a missing one is left out."""
    values = {name: getattr(figures, name) for name in _FIGURES}
    return {name: Decimal(repr(value)) for name, value in values.items() if value is not None}


def figures_from(members: Members) -> Figures:
    """Read figures back; raises MalformedDocument."""
    return Figures(**{name: _figure(members, name) for name in _FIGURES})


def suppression_from(members: Members) -> SuppressionGrowth:
    """Read what people may know of a suppression list; raises MalformedDocument."""
    added = members.members("added")
    return SuppressionGrowth(
        counted_to=members.time("counted_to") if members.has("counted_to") else None,
        added={_day(name, added): added.numbers_by_name(name) for name in added.values},
        total=members.numbers_by_name("total") if members.has("total") else None,
        total_at=members.time("total_at") if members.has("total_at") else None,
        refused=members.optional_text("refused"),
    )


def _level(members: Members, name: str) -> RateLevel:
    label = members.text(name)
    if label not in _LEVELS:
        raise MalformedDocument(f"{members.where}.{name} is {label!r}, not one of {', '.join(_LEVELS)}")
    return _LEVELS[label]


def _figure(members: Members, name: str) -> float | None:
    value = members.values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedDocument(f"{members.where}.{name} is {value!r}, not a number")
    return float(value)


def _day(name: str, members: Members) -> date:
    try:
        return date.fromisoformat(name)
    except ValueError as error:
        raise MalformedDocument(f"{members.where}: {name!r} is no day") from error
