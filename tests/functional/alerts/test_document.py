"""The document for machines keeps its schema, says everything, and comes back as it was."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import fastjsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import ConfigurationSetRef, MonitoringRef
from mailwarden.domain.repair.source import deployed_from
from mailwarden.message import message, verbatim
from mailwarden.presentation.alerts.document import alert_body, alert_document, notice_from_body
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.slack.message import slack_message
from mailwarden.queue_messages.codec import MalformedMessage
from tests.fakes.examples import (
    ACCOUNT,
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_cause,
    a_pool,
    a_proposed_write,
    a_record,
)
from tests.fakes.records import RecordMembers
from tests.texts import says

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "alert.schema.json").read_text(encoding="utf-8"))
SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="transactional")
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT).resource
MONITORING = MonitoringRef(partition="aws", region="us-west-2", account=ACCOUNT)
validate: Callable[[object], object] = fastjsonschema.compile(SCHEMA)

records = st.builds(
    a_record,
    subject=st.sampled_from([SEOUL_POOL, OREGON_IDENTITY, OREGON_ACCOUNT, SET, MONITORING]),
    link=st.sampled_from(Link),
    severity=st.sampled_from(Severity),
    effect=st.sampled_from(Effect),
    state=st.sampled_from(FindingState),
    version=st.integers(1, 10_000),
    message=st.text(),
    why=st.text(),
    reason=st.one_of(st.text().map(verbatim), st.just(deployed_from(message("deployment.tool", tool="terraform")))),
    evidence=st.dictionaries(st.text(), st.text(), max_size=25),
    affected=st.integers(0, 60).map(lambda number: {a_pool(n).arn: MORNING for n in range(number)}),
    pool_name=st.text(),
    verdict=st.sampled_from(Answer),
    deciding=st.one_of(st.none(), st.sampled_from(Link)),
    handling=st.sampled_from(Handling),
    proposed=st.one_of(st.none(), st.just(a_proposed_write())),
    cause=st.one_of(st.none(), st.just(a_cause())),
    undo_id=st.one_of(st.none(), st.text()),
)


def a_notice(**members: Unpack[RecordMembers]) -> Notice:
    return notice_of(alert_of(a_record(**members)), rule_pages="https://docs.example/rules/")


@settings(max_examples=150, deadline=None)
@given(record=records)
def test_every_document_keeps_the_schema_and_comes_back_as_it_was(record: FindingRecord) -> None:
    notice = notice_of(alert_of(record), rule_pages="https://docs.example/rules/")

    document = json.loads(alert_body(notice))

    validate(document)
    assert notice_from_body(alert_body(notice)) == notice


def test_says_everything_that_people_and_machines_need() -> None:
    document = alert_document(a_notice(undo_id="entry-1"))

    assert {name: document[name] for name in ("alert_id", "headline", "state", "severity", "verdict", "undo_id")} == {
        "alert_id": "2ea19ad37ee333b68f45fa69b325c2cd",
        "headline": ("CRITICAL: pool shop-users cannot send mail: no sending policy allows it (MW401, ap-northeast-2)"),
        "state": "open",
        "severity": "critical",
        "verdict": {"can_send": "no", "deciding_link": "authorization"},
        "undo_id": None,
    }
    assert document["pool"] == {
        "name": "shop-users",
        "id": SEOUL_POOL.pool_id,
        "region": "ap-northeast-2",
        "account": ACCOUNT,
        "arn": SEOUL_POOL.arn,
        "tags": {},
    }
    assert document["handling"] == {
        "kind": "withheld",
        "note": "RepairMode is off",
        "summary": "Not repaired: RepairMode is off",
    }
    assert document["identity"] == OREGON_IDENTITY.arn


@pytest.mark.parametrize(
    ("state", "handling", "done"),
    [
        (FindingState.OPEN, Handling.WITHHELD, None),
        (FindingState.OPEN, Handling.PENDING, None),
        (FindingState.OPEN, Handling.WRITING, None),
        (FindingState.OPEN, Handling.FAILED, None),
        (FindingState.OPEN, Handling.WRITTEN, "Mailwarden created the service-linked role mail"),
        (FindingState.REPAIRED, Handling.WRITTEN, "Mailwarden created the service-linked role mail"),
        (FindingState.REPAIRED, Handling.WRITING, "Mailwarden created the service-linked role mail"),
        (FindingState.RESOLVED, Handling.WITHHELD, None),
    ],
)
def test_what_was_done_is_a_field_of_its_own(state: FindingState, handling: Handling, done: str | None) -> None:
    proposed = replace(a_proposed_write(), title=message("fix.create-role", role="mail"))

    write = alert_document(a_notice(state=state, handling=handling, proposed=proposed))["write"]

    assert isinstance(write, dict)
    assert write["title"] == "Create the service-linked role mail"
    assert write["done"] == done


def test_an_alert_that_an_earlier_version_queued_is_read_and_shown() -> None:
    document = {name: value for name, value in json.loads(alert_body(a_notice())).items() if name != "incident"}

    read = notice_from_body(json.dumps(document | {"version": 1}))

    assert read.incident is None
    assert "pool shop-users cannot send mail" in json.dumps(slack_message(read))


def test_an_alert_that_was_queued_without_what_was_done_is_read() -> None:
    notice = a_notice(state=FindingState.REPAIRED, handling=Handling.WRITTEN)
    document = json.loads(alert_body(notice))
    for name in ("done", "entry_id"):
        del document["write"][name]

    read = notice_from_body(json.dumps(document))

    assert read.proposed is not None
    assert (read.proposed.done, read.proposed.entry_id) == (None, None)
    assert "Mailwarden wrote: let the pool send as shop.example" in json.dumps(slack_message(read))


@pytest.mark.parametrize(
    ("state", "handling", "resource", "undo_id"),
    [
        (FindingState.OPEN, Handling.WITHHELD, OREGON_IDENTITY.arn, None),
        (FindingState.OPEN, Handling.PENDING, OREGON_IDENTITY.arn, None),
        (FindingState.OPEN, Handling.WRITING, OREGON_IDENTITY.arn, None),
        (FindingState.OPEN, Handling.WRITTEN, OREGON_IDENTITY.arn, "entry-1"),
        (FindingState.OPEN, Handling.FAILED, OREGON_IDENTITY.arn, None),
        (FindingState.REPAIRED, Handling.WRITTEN, OREGON_IDENTITY.arn, "entry-1"),
        (FindingState.REPAIRED, Handling.WRITTEN, ROLE, None),
        (FindingState.RESOLVED, Handling.WITHHELD, OREGON_IDENTITY.arn, None),
    ],
)
def test_an_undo_is_named_only_where_there_is_one(
    state: FindingState, handling: Handling, resource: str, undo_id: str | None
) -> None:
    proposed = replace(a_proposed_write(), resource=resource)

    document = alert_document(a_notice(state=state, handling=handling, proposed=proposed, undo_id="entry-1"))

    assert document["undo_id"] == undo_id
    assert ("entry-1" in json.dumps(document["handling"])) == (handling is Handling.WRITING)


@pytest.mark.parametrize(
    ("effect", "verdict", "undo_id"),
    [
        (Effect.LOST, Answer.YES, None),
        (Effect.LOST, Answer.AT_RISK, None),
        (Effect.LOST, Answer.UNKNOWN, None),
        (Effect.LOST, Answer.NO, "entry-1"),
        (Effect.NONE, Answer.YES, "entry-1"),
    ],
)
@pytest.mark.parametrize("state", [FindingState.OPEN, FindingState.REPAIRED])
def test_no_undo_is_offered_that_would_lose_the_mail_of_a_pool_again(
    state: FindingState, effect: Effect, verdict: Answer, undo_id: str | None
) -> None:
    moved = replace(a_proposed_write(), resource=SEOUL_POOL.arn)

    document = alert_document(
        a_notice(
            state=state, handling=Handling.WRITTEN, proposed=moved, undo_id="entry-1", effect=effect, verdict=verdict
        )
    )

    assert document["undo_id"] == undo_id


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """What the schema says of an object, past the alternative that it is null."""
    for choice in [schema, *schema.get("oneOf", [])]:
        found = SCHEMA["definitions"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
        if found.get("type") == "object":
            return dict(found)
    return schema


def undescribed(document: object, schema: dict[str, Any], where: str) -> Iterator[str]:
    if not isinstance(document, dict) or "additionalProperties" in schema:
        return
    properties = described(schema).get("properties", {})
    for name, value in document.items():
        if name not in properties:
            yield f"{where}.{name}"
        else:
            yield from undescribed(value, properties[name], f"{where}.{name}")


def test_the_schema_describes_every_member() -> None:
    assert list(undescribed(alert_document(a_notice()), SCHEMA, "alert")) == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"mailwarden": "hint"}, "the message is of kind 'hint', not alert"),
        ({"version": 3}, "the alert has version 3, this version reads 2"),
        ({"severity": "dire"}, "alert.severity is 'dire', not one of low, medium, high, critical"),
        ({"pool": None}, "alert.pool is None, not an object"),
        ({"pool": {"name": "x", "arn": "arn:aws:s3:::b"}}, "alert.pool.arn: 'arn:aws:s3:::b' names neither"),
        ({"identity": SEOUL_POOL.arn}, "alert.identity is .* another kind of subject"),
        ({"subject": {"arn": "x"}}, "alert.subject.arn: 'x' names neither"),
        ({"affected": {"count": 1, "pools": [1]}}, "alert.affected.pools is a list, not a list of texts"),
        ({"since": "now"}, "alert.since is 'now', not an ISO 8601 time"),
        ({"write": {"title": "x"}}, "alert.write.applicability is missing"),
    ],
)
def test_says_what_is_wrong_with_a_document_and_where(changed: dict[str, object], complaint: str) -> None:
    body = json.dumps({**alert_document(a_notice()), **changed})

    with pytest.raises((MalformedDocument, MalformedMessage), check=says(complaint)):
        notice_from_body(body)
