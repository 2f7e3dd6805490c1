"""One incident on every channel: the examples of docs/channels.md take of it what they say."""

import json
from datetime import UTC, datetime, timedelta

from tests.channel_examples import examples
from tests.e2e.box import Box, Json, unique
from tests.e2e.people import Identity, developer
from tests.e2e.queues import drained, queue_admitting, subscribed_queue
from tests.e2e.stage import Stage

DUBLIN = "eu-west-1"


def behind_rules(box: Box) -> dict[str, str]:
    """A queue behind each example of an event pattern: its URL by the example's name."""
    events, urls = box.client("events"), {}
    for name, pattern in examples("event-pattern").items():
        rule = events.put_rule(Name=unique("example"), EventPattern=json.dumps(pattern))["RuleArn"]
        urls[name], arn = queue_admitting(box, "events.amazonaws.com", rule)
        events.put_targets(Rule=rule.rpartition("/")[2], Targets=[{"Id": "1", "Arn": arn}])
    return urls


def behind_policies(box: Box) -> dict[str, str]:
    """A queue behind each example of a filter policy: its URL by the example's name."""
    return {name: behind_topic(box, "AlertsTopicArn", policy) for name, policy in examples("filter-policy").items()}


def behind_topic(box: Box, output: str, policy: Json) -> str:
    """A queue that takes of a topic what a filter policy lets through: its URL."""
    return subscribed_queue(box, box.outputs[output], FilterPolicy=json.dumps(policy), RawMessageDelivery="true")


def let_an_hour_pass(stage: Stage, identity: Identity) -> None:
    """Make the incident of an identity an hour older, and let the schedule look."""
    ago = f"{datetime.now(UTC) - timedelta(minutes=61):%Y-%m-%dT%H:%M:%S.%f}+00:00"
    cause = stage.records.incident_of(identity.arn, "MW301")
    stage.box.client("dynamodb").update_item(
        TableName=stage.box.outputs["LedgerTable"],
        Key={"pk": {"S": f"INCIDENT#{cause}"}, "sk": {"S": "INCIDENT"}},
        UpdateExpression="SET first_told_at = :ago, told.#at = :ago, attention = :ago, announce_after = :ago, "
        "awaiting = :due",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues={":ago": {"S": ago}, ":due": {"S": "incident"}},
    )
    stage.box.invoke("announce", {"announce": "waiting"})


def test_an_incident_is_taken_by_each_example_from_its_opening_over_a_reminder_to_its_end(stage: Stage) -> None:
    notifications = behind_topic(stage.box, "NotificationsTopicArn", {})
    rules, policies = behind_rules(stage.box), behind_policies(stage.box)
    identity = stage.people.identity(DUBLIN)
    pool = stage.known(stage.people.pool(DUBLIN, developer(identity)))

    stage.box.client("sesv2", DUBLIN).delete_email_identity(EmailIdentity=identity.name)
    stage.records.finding(identity.arn, "MW301", state="open")
    let_an_hour_pass(stage, identity)
    stage.people.identity(DUBLIN, name=identity.name)
    stage.records.finding(identity.arn, "MW301", state="resolved")
    stage.box.quiet()

    events = {
        name: [event for event in drained(stage.box, url) if pool.arn in event["resources"]]
        for name, url in rules.items()
    }
    occasions = {name: [event["detail"]["incident"]["occasion"] for event in taken] for name, taken in events.items()}
    assert occasions == {
        "critical": ["opened"],
        "one rule": ["opened", "reminder", "ended"],
        "one region": ["opened", "reminder", "ended"],
        "still open": ["reminder"],
        "ended": ["ended"],
    }
    assert [event["detail"] for event in events["one rule"]] == [
        alert.document for alert in stage.alerts.about(identity.arn)
    ]
    assert {event["source"] for taken in events.values() for event in taken} == {"mailwarden"}
    assert {event["region"] for taken in events.values() for event in taken} == {"ap-northeast-2"}
    passed = {
        name: [
            document["incident"]["occasion"]
            for document in drained(stage.box, url)
            if pool.arn in document.get("affected", {}).get("pools", ())
        ]
        for name, url in policies.items()
    }
    assert passed == {
        "critical": ["opened", "reminder", "ended"],
        "open": ["opened", "reminder"],
        "authorization": [],
        "one region": ["opened", "reminder", "ended"],
        "one account": ["opened", "reminder", "ended"],
        "by cause": ["opened", "reminder", "ended"],
        "critical or trail": ["opened", "reminder", "ended"],
        "no reports": ["opened", "reminder", "ended"],
        "only reports": [],
    }
    notified = [each for each in drained(stage.box, notifications) if pool.arn in each["metadata"]["relatedResources"]]
    assert [each["id"] for each in notified] == [event["detail"]["alert_id"] for event in events["one rule"]]
    assert {each["metadata"]["threadId"] for each in notified} == {
        event["detail"]["incident"]["id"] for event in events["one rule"]
    }
    (found,) = [
        each
        for each in stage.box.client("securityhub").get_findings()["Findings"]
        if identity.arn in {resource["Id"] for resource in each["Resources"]}
    ]
    assert found["Id"] == f"mailwarden/incident/{notified[0]['metadata']['threadId']}"
    assert (found["RecordState"], found["Compliance"]["Status"]) == ("ARCHIVED", "PASSED")
