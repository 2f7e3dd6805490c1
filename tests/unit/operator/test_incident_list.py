"""Incidents as operators list them: with the facts of their alerts, and with what is due next."""

from dataclasses import dataclass
from typing import Any

import pytest

from mailwarden.domain.incidents.listing import StoredIncidents
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.ports.incidents.incident_list import IncidentList
from tests.builders import developer, identity, pool
from tests.fakes.deployment import Deployment, hint
from tests.unit.operator.past import LOST, incidents, shops_without_identity

POOLS = [pool("eu-west-3", pool_id=f"eu-west-3_Shop{number:05}").ref for number in range(2)]


@dataclass(frozen=True, slots=True)
class OpenAsBefore:
    """Implements ``IncidentList``: the open ones are those of a moment ago."""

    listed: StoredIncidents
    now: IncidentList

    def open(self, *, most: int) -> StoredIncidents:
        del most
        return self.listed

    def ended(self, *, most: int) -> StoredIncidents:
        return self.now.ended(most=most)


def ended() -> Deployment:
    """An incident that ended a while after its message."""
    mailwarden = shops_without_identity()
    mailwarden.clock.pass_by(minutes=30)
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    mailwarden.settle_down(*(PoolHint(pool=ref) for ref in POOLS))
    return mailwarden


def test_an_open_incident_has_the_facts_of_its_alert() -> None:
    mailwarden = shops_without_identity()

    (row,) = incidents(mailwarden)["incidents"]

    told = mailwarden.topic.told[-1].report
    assert row["id"] == told.incident_id
    assert row["headline"].startswith("CRITICAL: 2 pools cannot send mail")
    assert (row["state"], row["severity"], row["rule"], row["effect"]) == ("open", "critical", "MW301", "lost")
    assert row["cause"]["subject"] == LOST.arn
    assert (row["pools"]["found"], row["pools"]["using"]) == (2, 2)
    assert {each["name"] for each in row["pools"]["named"]} == {"shop", "news"}
    assert row["last_message"] == {"at": told.at.isoformat(timespec="seconds"), "occasion": "opened"}
    assert row["next_message"]["occasion"] == "reminder"
    assert row["done"].startswith("Not repaired")


def test_as_many_pools_are_counted_as_are_named() -> None:
    mailwarden = shops_without_identity(1)
    other = pool("eu-west-3", pool_id="eu-west-3_Shop00001", name="news", email=developer(LOST))
    mailwarden.hold(other)
    # A look that the incident has not heard of.
    mailwarden.inspector().inspect(hint(other))

    pools = incidents(mailwarden)["incidents"][0]["pools"]

    assert {each["name"] for each in pools["named"]} == {"shop", "news"}
    assert (pools["found"], pools["since_it_opened"]) == (2, 2)


def test_an_incident_that_ended_is_listed_only_if_it_is_asked_for() -> None:
    mailwarden = ended()

    assert incidents(mailwarden)["incidents"] == []
    document = incidents(mailwarden, all=True)

    (row,) = document["incidents"]
    assert (document["count"], document["open"]) == (1, 0)
    assert (row["state"], row["severity"], row["next_message"]) == ("resolved", None, None)
    assert row["last_message"]["occasion"] == "ended"
    assert row["changed_at"] > row["opened_at"]


def test_an_incident_that_ended_is_not_open_while_a_channel_has_not_sent_its_end() -> None:
    mailwarden = shops_without_identity(1)
    mailwarden.clock.pass_by(minutes=30)
    mailwarden.chat.failures = 1
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    with pytest.raises(ExceptionGroup):
        mailwarden.settle_down(PoolHint(pool=POOLS[0]))

    assert incidents(mailwarden)["incidents"] == []
    (row,) = incidents(mailwarden, all=True)["incidents"]
    assert row["state"] == "resolved"


def test_open_incidents_come_first_and_the_worst_of_them() -> None:
    mailwarden = ended()
    shop = pool("eu-west-1", pool_id="eu-west-1_Other", email=developer(LOST, from_address="a@other.example"))
    mailwarden.hold(shop)
    mailwarden.clock.pass_by(minutes=5)
    mailwarden.settle_down(hint(shop))

    rows = incidents(mailwarden, all=True)["incidents"]

    states = [row["state"] for row in rows]
    assert states == sorted(states, key=lambda state: state != "open")
    assert len(states) > 1
    ranks = [("critical", "high", "medium", "low").index(row["severity"]) for row in rows if row["severity"]]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(("first", "ids", "following"), [(0, 2, 2), (2, 1, None), (3, 0, None)])
def test_a_page_names_the_first_of_the_next(first: int, ids: int, following: int | None) -> None:
    mailwarden = Deployment()
    for number in range(3):
        shop = pool(
            "eu-west-3", pool_id=f"eu-west-3_{number:05}", email=developer(LOST, from_address="a@other.example")
        )
        mailwarden.hold(shop, identity("shop.example", region="eu-west-3"))
        mailwarden.inspect(hint(shop))

    document = incidents(mailwarden, first=first, most=2)

    assert document["count"] == 3
    assert (len(document["incidents"]), document["next"]) == (ids, following)


def test_an_incident_whose_findings_are_gone_is_listed_with_its_cause() -> None:
    mailwarden = shops_without_identity()
    mailwarden.ledger.findings.held.clear()

    row: dict[str, Any] = incidents(mailwarden)["incidents"][0]

    assert (row["headline"], row["rule"], row["done"], row["calls"]) == (None, None, None, [])
    assert (row["cause"]["kind"], row["pools"]["found"], row["severity"]) == ("identity", 2, "critical")


def test_an_incident_that_ends_between_two_reads_of_the_index_is_over() -> None:
    mailwarden = shops_without_identity()
    listed = mailwarden.ledger.incident_list.open(most=9)
    mailwarden.clock.pass_by(minutes=30)
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    mailwarden.settle_down(*(PoolHint(pool=ref) for ref in POOLS))

    document = incidents(mailwarden, among=OpenAsBefore(listed, mailwarden.ledger.incident_list), all=True)

    assert [row["state"] for row in document["incidents"]] == ["resolved"]


@pytest.mark.parametrize(("member", "least", "most"), [("first", 0, 100_000), ("most", 1, 50)])
def test_a_number_that_is_too_small_or_too_large_is_answered_with_what_it_may_be(
    member: str, least: int, most: int
) -> None:
    for number in (least - 1, most + 1):
        said = incidents(Deployment(), **{member: number})["text"]  # type: ignore[arg-type]

        assert said.endswith(f".{member} is {number}, not a number from {least} to {most}")
