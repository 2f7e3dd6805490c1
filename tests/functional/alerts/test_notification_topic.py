"""Alerts as custom notifications of Amazon Q Developer in chat applications: their form, their thread, their limits."""

import json
from typing import Any

import boto3
import fastjsonschema
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sns.notification_topic import NotificationTopic
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.ports.findings.alert_channel import AlertRefused
from mailwarden.presentation.catalogue.language import Language
from tests.fakes.examples import OREGON_IDENTITY, a_record
from tests.functional.alerts.conftest import PAGES, REGION, Topic
from tests.functional.alerts.excess import WORST, WORST_IDS, an_excessive_record
from tests.texts import says

# Amazon Q Developer in chat applications administrator guide, "Custom notifications": the event schema. The lengths are
# ours: the guide has none.
TEXT = {"type": "string", "minLength": 1}
FORM = fastjsonschema.compile(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "source", "content"],
        "properties": {
            "version": {"const": "1.0"},
            "source": {"const": "custom"},
            "id": TEXT,
            "content": {
                "type": "object",
                "additionalProperties": False,
                "required": ["description"],
                "properties": {
                    "textType": {"const": "client-markdown"},
                    "title": {**TEXT, "maxLength": 250},
                    "description": {**TEXT, "maxLength": 3000},
                    "nextSteps": {"type": "array", "maxItems": 8, "items": {**TEXT, "maxLength": 1000}},
                    "keywords": {"type": "array", "items": TEXT},
                },
            },
            "metadata": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "threadId": TEXT,
                    "summary": TEXT,
                    "eventType": TEXT,
                    "relatedResources": {"type": "array", "maxItems": 10, "items": TEXT},
                    "additionalContext": {"type": "object", "additionalProperties": {"type": "string"}},
                },
            },
        },
    }
)


def channel(topic: Topic) -> NotificationTopic:
    return NotificationTopic(topic.client, topic.arn, rule_pages=PAGES)


def sent(topic: Topic) -> dict[str, Any]:
    """The last notification, which has the form of all."""
    document: dict[str, Any] = json.loads(topic.calls[-1]["Message"])
    FORM(document)
    return document


@pytest.mark.usefixtures("language")
def test_a_notification_says_what_a_mail_says_in_the_language_of_the_deployment(
    topic: Topic, language: Language
) -> None:
    channel(topic).send(alert_of(a_record(subject=OREGON_IDENTITY, rule_id="MW301")))

    document = sent(topic)
    content = document["content"]
    assert content["title"].startswith({"en": "CRITICAL: ", "ko": "심각: "}[language])
    assert content["keywords"] == ["MW301", "critical", "open", "us-west-2"]
    assert content["nextSteps"][-1].endswith(f": {PAGES}MW301.md")
    assert document["metadata"]["relatedResources"][0] == OREGON_IDENTITY.arn
    assert document["metadata"]["additionalContext"]["severity"] == "critical"
    assert "MessageStructure" not in topic.calls[-1]


def test_all_messages_about_an_incident_are_one_thread_and_each_has_an_id_of_its_own(topic: Topic) -> None:
    records = [
        a_record(),
        a_record(version=2, handling=Handling.FAILED),
        a_record(version=3, state=FindingState.RESOLVED),
    ]
    documents = []
    for record in records:
        channel(topic).send(alert_of(record))
        documents.append(sent(topic))

    assert {document["metadata"]["threadId"] for document in documents} == {
        alert_of(record).report.incident_id for record in records
    }
    assert len({document["id"] for document in documents}) == len(documents)


def test_it_has_the_attributes_of_the_topic_so_that_filter_policies_are_the_same(topic: Topic) -> None:
    alert = alert_of(a_record())
    AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(alert)
    attributes = topic.attributes

    channel(topic).send(alert)

    assert topic.attributes == attributes


def test_no_name_pings_a_chat_channel(topic: Topic) -> None:
    channel(topic).send(alert_of(a_record(pool_name="<!channel> & <@U123>")))

    text = json.dumps(sent(topic))
    assert "<!channel>" not in text
    assert "&lt;!channel&gt; &amp; &lt;@U123&gt;" in text


@pytest.mark.parametrize("text", WORST, ids=WORST_IDS)
@pytest.mark.usefixtures("language")
def test_the_largest_alert_fits_in_every_language(topic: Topic, text: str) -> None:
    channel(topic).send(alert_of(an_excessive_record(text)))

    assert sent(topic)["content"]["description"]
    assert len(topic.calls[-1]["Message"].encode()) < 64_000


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), times=st.integers(1, 3000))
def test_any_alert_has_the_form(topic: Topic, text: str, times: int) -> None:
    channel(topic).send(alert_of(an_excessive_record(text * times)))

    sent(topic)


@pytest.mark.parametrize(
    ("code", "status", "is_refusal"),
    [
        ("NotFound", 404, True),
        ("AuthorizationError", 403, True),
        ("InvalidParameter", 400, True),
        ("Throttled", 429, False),
        ("InternalError", 500, False),
    ],
)
def test_a_refusal_is_distinguished_from_a_failure(code: str, status: int, *, is_refusal: bool) -> None:
    client = boto3.client("sns", region_name=REGION)
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def answer(**_: object) -> None:
        raise ClientError(response, "Publish")

    client.meta.events.register("before-parameter-build.sns.Publish", answer)

    with pytest.raises(AlertRefused if is_refusal else ClientError, check=says(code)):
        NotificationTopic(client, "arn:aws:sns:eu-west-1:123456789012:none", rule_pages=PAGES).send(
            alert_of(a_record())
        )
