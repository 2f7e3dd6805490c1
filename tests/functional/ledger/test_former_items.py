"""Items as earlier versions of Mailwarden stored them: they are read as they are, and no look fails because of one."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mailwarden.adapters.aws.dynamodb.items import members_of, values_of
from mailwarden.adapters.ledger.codec import finding_from, look_from
from mailwarden.adapters.ledger.incidents.codec import incident_from, member_from
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.lifecycle import clear
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import TickingClock
from tests.fakes.examples import SEOUL_POOL, a_look
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# By version, one item of each kind that was stored differently from those of the version before.
ITEMS = json.loads((Path(__file__).parent / "former_items.json").read_text(encoding="utf-8"))
READERS = {"finding": finding_from, "look": look_from, "incident": incident_from, "member": member_from}
KINDS = [(version, kind) for version, kinds in ITEMS.items() for kind in kinds]
WITH_FINDING = [version for version, kinds in ITEMS.items() if "finding" in kinds]
KEY = FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW401")


def stored(version: str, kind: str) -> Members:
    """The item as it is read."""
    item: Any = values_of(ITEMS[version][kind])
    return members_of(item)


@pytest.mark.parametrize(("version", "kind"), KINDS)
def test_an_item_of_an_earlier_version_is_read(version: str, kind: str) -> None:
    assert READERS[kind](stored(version, kind)) is not None


@pytest.mark.parametrize("version", WITH_FINDING)
def test_a_finding_of_an_earlier_version_is_shown_in_both_languages(version: str) -> None:
    record = finding_from(stored(version, "finding"))

    for catalogue in (ENGLISH, KOREAN):
        notice = notice_of(alert_of(record), rule_pages="https://docs.example/", catalogue=catalogue)
        text = " ".join(alert_text(notice, catalogue=catalogue).split())
        assert "SES refuses every mail that Cognito hands over" in text


@pytest.mark.parametrize("version", WITH_FINDING)
def test_a_look_ends_what_an_earlier_version_found_and_its_end_is_announced(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB, version: str
) -> None:
    for item in ITEMS[version].values():
        dynamodb.put_item(TableName=TABLE, Item=values_of(item))
    topic, clock = InMemoryChannel(), TickingClock()
    announcer = announcer_of(dynamo_ledger, {"topic": topic, "chat": InMemoryChannel()}, clock)
    record = dynamo_ledger.pool_records.read(SEOUL_POOL)
    last, clock.at = record.last_look, clock.at + timedelta(days=2)
    announcer.announce(KEY)

    assert last is not None
    now = clock.at
    assert dynamo_ledger.looks.replace(last, replace(a_look(at=now), uses=last.uses))
    dynamo_ledger.findings.update(KEY, lambda found: found and clear(found, SEOUL_POOL, None, cause=None, at=now))
    announcer.announce(KEY)

    assert [alert.report.state for alert in topic.told] == ["open", "resolved"]
    assert dynamo_ledger.corrupt == []
