"""The fixes that were not written ⇄ a member of a look, and ended ones ⇄ items of their own, by month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.look_record import ShadowCase
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.causes import call_document, optional_cause_from
from mailwarden.domain.refs.references import reference_in
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import email_document, email_from_document
from mailwarden.domain.repair.shadow import EndedCase, ShadowEnding
from mailwarden.message import argument_document

_PREFIX = "SHADOW#"
_KEPT_FOR = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoShadowCases:
    """Implements ``ShadowCases``: the items ``SHADOW#2026-03 / day#pool#rule``."""

    table: Table

    def keep(self, ended: EndedCase) -> None:
        """Keep a case: one item for each pool, rule and day, so that a problem that comes and goes fills no month."""
        day = ended.ended_at.date().isoformat()
        members = {
            "pool": ended.pool.arn,
            "pool_name": ended.pool_name,
            "case": case_document(ended.case),
            "ended_at": sortable(ended.ended_at),
            "ending": ended.ending.value,
            "verdict": None if ended.verdict is None else ended.verdict.value,
            "cause": None if ended.cause is None else call_document(ended.cause),
            "expires_at": expiry(ended.ended_at, after=_KEPT_FOR),
        }
        key = f"{day}#{ended.pool.arn}#{ended.case.rule_id}"
        item = item_of(f"{_PREFIX}{day[:7]}", key, members)
        self.table.client.put_item(TableName=self.table.name, Item=item)

    def ended_since(self, first: date, *, until: date) -> tuple[EndedCase, ...]:
        """The cases that ended in these days; those that cannot be read are reported as corrupt."""
        found = [case for month in _months(first, until) for case in self._of_month(month)]
        return tuple(case for case in found if first <= case.ended_at.date() <= until)

    def _of_month(self, month: str) -> Iterator[EndedCase]:
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :month",
            ExpressionAttributeValues=values_of({":month": f"{_PREFIX}{month}"}),
        )
        items = (item for page in pages for item in page["Items"])
        yield from sorted(self.table.readable(items, _ended_from), key=lambda case: case.ended_at)


def case_documents(cases: Iterable[ShadowCase]) -> list[dict[str, object]] | None:
    """The member ``shadow`` of a look; None, which leaves it out, if there are none."""
    return [case_document(case) for case in cases] or None


def cases_from(members: Members) -> tuple[ShadowCase, ...]:
    """Read the member ``shadow`` of a look back; raises MalformedDocument."""
    return tuple(map(_case_from, members.list_of_members("shadow"))) if members.has("shadow") else ()


def case_document(case: ShadowCase) -> dict[str, object]:
    """One case; what it does not have is left out."""
    document = {
        "rule": case.rule_id,
        "subject": case.subject_arn,
        "resource": case.resource,
        "title": argument_document(case.title),
        "opened_at": sortable(case.opened_at),
        "withheld": None if case.withheld is None else argument_document(case.withheld),
        "wanted": None if case.wanted is None else email_document(case.wanted),
        "email": email_document(case.email),
        "policies": case.policies,
        "cause": None if case.cause is None else call_document(case.cause),
    }
    return {name: value for name, value in document.items() if value is not None}


def _case_from(members: Members) -> ShadowCase:
    return ShadowCase(
        rule_id=members.text("rule"),
        subject_arn=members.text("subject"),
        resource=members.text("resource"),
        title=members.message("title"),
        opened_at=members.time("opened_at"),
        withheld=members.optional_message("withheld"),
        wanted=email_from_document(members.members("wanted").values) if members.has("wanted") else None,
        email=email_from_document(members.members("email").values),
        policies=members.optional_text("policies"),
        cause=optional_cause_from(members, "cause"),
    )


def _ended_from(members: Members) -> EndedCase:
    return EndedCase(
        pool=reference_in(members, "pool", PoolRef),
        pool_name=members.text("pool_name"),
        case=_case_from(members.members("case")),
        ended_at=members.time("ended_at"),
        ending=members.choice("ending", ShadowEnding),
        verdict=members.optional_choice("verdict", Answer),
        cause=optional_cause_from(members, "cause"),
    )


def _months(first: date, until: date) -> Iterator[str]:
    day = first.replace(day=1)
    while day <= until:
        yield f"{day:%Y-%m}"
        day = (day + timedelta(days=32)).replace(day=1)
