"""Operators list incidents: the open ones, and those that ended, as long as the ledger keeps them."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.folding import fold
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Share
from mailwarden.domain.incidents.speaking import speak
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import OwnState, RootCause
from tests.builders import NOON
from tests.fakes.examples import OREGON_ACCOUNT, SEOUL_POOL, a_pool, a_record
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import CHANNELS, LedgerRoles, put
from tests.functional.ledger.conftest import TABLE
from tests.functional.ledger.test_affected_pools import find
from tests.unit.incidents.course import finding, share

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def cause(number: int) -> RootCause:
    return OwnState(finding=finding(number))


def happen(ledger: LedgerRoles, number: int, new: Share, *, minutes: float = 0) -> Incident:
    """A finding changes, its incident says what is due, and every channel sends it."""
    at, key = NOON + timedelta(minutes=minutes), finding(number)
    member = ledger.incidents.member(key)
    folded = fold(ledger.incidents.read(cause(number)), cause(number), {key: (member, new)}, at=at)
    assert folded is not None
    said = speak(folded.incident, now=at) or folded.incident
    assert ledger.incidents.store(said, folded.changes)
    for channel in CHANNELS:
        ledger.incidents.mark_announced(cause(number), channel=channel, version=said.version)
    return said


def causes(incidents: tuple[Incident, ...]) -> list[RootCause]:
    return [incident.cause for incident in incidents]


def test_an_open_incident_is_listed_though_everything_was_said_of_it(ledger: LedgerRoles) -> None:
    for number in (1, 2):
        happen(ledger, number, share())

    listed = ledger.incident_list.open(most=10)

    assert sorted(map(str, causes(listed.incidents))) == sorted(map(str, (cause(1), cause(2))))
    assert (listed.is_complete, listed.unread) == (True, 0)
    assert ledger.incidents.read(cause(1)) in listed.incidents
    assert ledger.incident_list.ended(most=10).incidents == ()


def test_an_incident_of_low_severity_is_listed_while_it_is_open_though_nothing_reminds_of_it(
    ledger: LedgerRoles,
) -> None:
    happen(ledger, 1, share(rank="10"))

    assert causes(ledger.incident_list.open(most=10).incidents) == [cause(1)]


def test_the_incident_that_ended_last_comes_first(ledger: LedgerRoles) -> None:
    for number in (1, 2, 3):
        happen(ledger, number, share())
    for number, minutes in ((2, 5), (1, 9)):
        happen(ledger, number, share(2, end="repaired", due=NOON + timedelta(minutes=minutes)), minutes=minutes)

    ended = ledger.incident_list.ended(most=10)

    assert causes(ended.incidents) == [cause(1), cause(2)]
    assert {incident.state for incident in ended.incidents} == {FindingState.REPAIRED}
    assert causes(ledger.incident_list.open(most=10).incidents) == [cause(3)]


def test_an_incident_that_returns_is_open_again(ledger: LedgerRoles) -> None:
    happen(ledger, 1, share())
    happen(ledger, 1, share(2, end="resolved", due=NOON + timedelta(minutes=5)), minutes=5)
    happen(ledger, 1, share(3, due=NOON + timedelta(minutes=9)), minutes=9)

    assert causes(ledger.incident_list.open(most=10).incidents) == [cause(1)]
    assert ledger.incident_list.ended(most=10).incidents == ()


def test_a_list_that_is_cut_says_so(ledger: LedgerRoles) -> None:
    for number in range(1, 4):
        happen(ledger, number, share())

    assert len(ledger.incident_list.open(most=2).incidents) == 2
    assert not ledger.incident_list.open(most=2).is_complete
    assert ledger.incident_list.open(most=3).is_complete


def test_an_incident_that_cannot_be_read_is_counted_and_hides_no_other(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    for number in (1, 2):
        happen(dynamo_ledger, number, share())
    key = {"pk": {"S": f"INCIDENT#own|MW401|{finding(1).subject_arn}"}, "sk": {"S": "INCIDENT"}}
    dynamodb.update_item(
        TableName=TABLE, Key=key, UpdateExpression="SET ranks = :x", ExpressionAttributeValues={":x": {"S": "?"}}
    )

    listed = dynamo_ledger.incident_list.open(most=10)

    assert causes(listed.incidents) == [cause(2)]
    assert listed.unread == 1
    assert len(dynamo_ledger.corrupt) == 1


def test_the_records_about_a_subject_come_in_the_order_of_their_rules(ledger: LedgerRoles) -> None:
    for rule_id in ("MW402", "MW201", "MW401"):
        put(ledger, a_record(rule_id=rule_id))
    put(ledger, a_record(subject=OREGON_ACCOUNT, rule_id="MW501"))

    def rules(most: int) -> list[str]:
        return [each.key.rule_id for each in ledger.subject_findings.about(SEOUL_POOL, affecting=SEOUL_POOL, most=most)]

    assert rules(10) == ["MW201", "MW401", "MW402"]
    assert rules(2) == ["MW201", "MW401"]


def test_a_record_about_something_shared_says_of_the_pool_whether_it_is_affected(ledger: LedgerRoles) -> None:
    for number in range(60):
        find(ledger, number, minutes=number)

    def affects(number: int) -> bool:
        (record,) = ledger.subject_findings.about(OREGON_ACCOUNT, affecting=a_pool(number), most=10)
        return a_pool(number).arn in record.lifecycle.affected

    assert affects(59)
    assert not affects(77)
    assert ledger.findings.read(FindingKey(subject_arn=OREGON_ACCOUNT.arn, rule_id="MW603")) is not None


def test_an_incident_whose_end_is_still_to_be_announced_is_among_those_that_may_be_due(ledger: LedgerRoles) -> None:
    happen(ledger, 1, share())
    late = share(2, end="resolved", due=NOON + timedelta(hours=1), waits=True)

    over = happen(ledger, 1, replace(late, phase="writing"), minutes=5)

    assert over.open_count == 0
    assert causes(ledger.incident_list.open(most=10).incidents) == [cause(1)]
