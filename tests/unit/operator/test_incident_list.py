"""Incidents as operators list them: with the facts of their alerts, and with what is due next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.incidents.alert import incident_id_of
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.listing import StoredIncidents
from mailwarden.domain.incidents.share import rank_of
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.root_causes import SendingPolicies
from mailwarden.ports.incidents.incident_list import IncidentList
from tests.builders import NOON, developer, identity, identity_ref, pool
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


RANKS = tuple(rank_of(severity, Effect.LOST) for severity in (Severity.CRITICAL, Severity.HIGH, Severity.LOW))
CRITICAL = RANKS[0]


def incident(number: int, *, ranks: dict[str, int], revision: int = 1) -> Incident:
    """An incident about the policies of an identity; one without open findings is over."""
    return Incident(
        cause=SendingPolicies(identity=identity_ref(f"shop{number}.example")),
        generation=1,
        revision=revision,
        version=1,
        opened_at=NOON + timedelta(minutes=number % 4),
        changed_at=NOON + timedelta(minutes=number % 3),
        ranks=ranks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Implements ``IncidentList`` over incidents that change; *before_ended* happens between the two reads."""

    held: dict[int, Incident]
    before_ended: Callable[[], None] = lambda: None

    def open(self, *, most: int) -> StoredIncidents:
        return self._those(is_open=True, most=most)

    def ended(self, *, most: int) -> StoredIncidents:
        self.before_ended()
        return self._those(is_open=False, most=most)

    def _those(self, *, is_open: bool, most: int) -> StoredIncidents:
        found = tuple(each for each in self.held.values() if bool(each.open_count) == is_open)
        return StoredIncidents(incidents=found[:most], unread=0, is_complete=len(found) <= most)


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


def test_an_incident_that_returns_between_two_reads_of_the_index_is_open() -> None:
    held = {1: incident(1, ranks={})}

    def returns() -> None:
        held[1] = incident(1, ranks={CRITICAL: 1}, revision=2)

    document = incidents(Deployment(), among=Moving(held=held, before_ended=returns), all=True)

    assert [row["state"] for row in document["incidents"]] == ["open"]


def test_what_the_last_read_of_the_index_cut_off_is_not_called_complete() -> None:
    held = {1: incident(1, ranks={CRITICAL: 1})}

    def grows() -> None:
        held.update({number: incident(number, ranks={CRITICAL: 1}) for number in range(2, 1002)})

    assert incidents(Deployment(), among=Moving(held=held, before_ended=grows), all=True)["is_complete"] is False


@given(
    moves=st.lists(
        st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["", *RANKS])), max_size=4), min_size=9, max_size=9
    ),
    most=st.integers(1, 4),
    with_ended=st.booleans(),
)
def test_no_incident_is_missing_or_twice_whatever_moves_between_the_pages(
    moves: list[list[tuple[int, str]]], most: int, with_ended: bool
) -> None:
    """Between two pages incidents open, end, return, and get worse or better, so that their places change."""
    held = {number: incident(number, ranks={RANKS[number % 3]: 1}) for number in range(6)}
    always = set(held)
    rows: list[str] = []

    for of_page in moves:
        page = incidents(Deployment(), among=Moving(held=held), all=with_ended, most=most, seen=rows)
        rows += [row["id"] for row in page["incidents"]]
        if not page["has_more"]:
            break
        for number, rank in of_page:
            held[number] = incident(number, ranks={rank: 1} if rank else {}, revision=len(rows) + 1)
            always -= set() if rank or with_ended else {number}
    else:
        pytest.fail("the pages never end")

    assert len(set(rows)) == len(rows)
    assert {incident_id_of(held[number].cause) for number in always} <= set(rows)


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


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("most", 0, ".most is 0, not a number from 1 to 50"),
        ("most", 51, ".most is 51, not a number from 1 to 50"),
        ("seen", "0", ".seen is '0', not a list"),
        ("seen", [1], ".seen is a list, not a list of texts"),
    ],
)
def test_a_member_of_another_kind_is_answered_with_what_it_may_be(member: str, value: object, said: str) -> None:
    assert said in incidents(Deployment(), **{member: value})["text"]  # type: ignore[arg-type]
