"""Events as EventBridge delivers them: those of calls that were made, and made-up ones."""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from sandbox.running import ROOT
from tests.e2e.box import Box, Json
from tests.e2e.waiting import until


def example(name: str, **members: object) -> Json:
    """One of the examples of the repository, with other members in its envelope and an id of its own."""
    event: Json = json.loads((ROOT / "events" / f"{name}.json").read_text())
    event["detail"]["eventID"] = str(uuid.uuid4())
    return event | {"id": str(uuid.uuid4())} | members


def of_call(box: Box, region: str, name: str, *, about: str, by: str = "") -> Json:
    """The record of the last call of this name that mentions something, by any caller or by a role's session."""

    def look() -> Json | None:
        try:
            found = box.client("cloudtrail", region).lookup_events(
                LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
            )["Events"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ThrottlingException":
                raise
            # Two calls a second in a region, and Mailwarden makes some of them.
            time.sleep(0.6)
            return None
        records = [json.loads(event["CloudTrailEvent"]) for event in found if about in event["CloudTrailEvent"]]
        ours = [record for record in records if by in record["userIdentity"].get("arn", "")]
        return max(ours, key=lambda record: str(record["eventTime"]), default=None)

    record = until(look, what=f"a record of {name} about {about}")
    assert record is not None
    return record


def envelope(record: Json, *, late: timedelta = timedelta(0)) -> Json:
    """A record as EventBridge wraps it; a late one has a call time that much earlier."""
    at = datetime.fromisoformat(record["eventTime"]) - late
    time = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source = record["eventSource"].partition(".")[0]
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{source}",
        "account": record["recipientAccountId"],
        "time": time,
        "region": record["awsRegion"],
        "resources": [],
        "detail": {**record, "eventTime": time},
    }


def deliver(box: Box, *events: Json) -> None:
    """Put events into the hints queue, in this order and all at once."""
    inject(box, *map(json.dumps, events))


def inject(box: Box, *bodies: str) -> None:
    box.control("POST", f"queues/{box.queue_name('HintsQueueUrl')}/inject", {"bodies": list(bodies)})


def looked_because_of(box: Box, event_id: str, *, within: float = 60.0) -> Json:
    """The log line of `inspect` about a look because of an event, which may concern every pool of the account."""

    def lines() -> list[Json]:
        return [
            line
            for line in box.log("inspect", containing=event_id)
            if line.get("message") == "looked" and event_id in line["event_ids"]
        ]

    return until(lines, what=f"a look because of event {event_id}", within=within)[-1]
