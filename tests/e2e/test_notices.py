"""What SES itself says: it stops something, advises something, takes it back; in any order, and in any shape."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.box import Box, Json
from tests.e2e.people import Identity, Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

FRANKFURT = "eu-central-1"
DISABLED, ENABLED = "Sending Status Disabled", "Sending Status Enabled"
OPEN, CLOSED = "Advisor Recommendation Status Open", "Advisor Recommendation Status Closed"
# How often a message is received before it is put aside (template.yaml).
ATTEMPTS = 5
ADVICE = {"version": "1.0.0", "data": {"type": "BOUNCE", "impact": "HIGH", "description": "Many mails bounce."}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A sound pool in Frankfurt, its identity, and the SES account that SES speaks of."""

    stage: Stage
    pool: Pool
    identity: Identity
    account: str
    alerts_before: int

    def says(self, detail_type: str, detail: Json) -> None:
        """Let SES say something of the identity in its own region, from where it is forwarded."""
        resources = [self.identity.arn]
        event = {"region": FRANKFURT, "source": "aws.ses", "detail-type": detail_type, "detail": detail}
        self.stage.box.control("POST", "events", event | {"resources": resources})

    def told(self) -> list[tuple[str, str]]:
        """State and severity of each alert of MW707 about the account, in the order of arrival."""
        alerts = self.stage.alerts.about(self.account)[self.alerts_before :]
        return [(alert.told[1], alert.document["severity"]) for alert in alerts if alert.told[0] == "MW707"]


@pytest.fixture(scope="module", autouse=True)
def at_once(box: Box) -> Iterator[None]:
    """Here events come one by one."""
    with box.feedback_at_once():
        yield


@pytest.fixture
def spoken(stage: Stage) -> Iterator[Spoken]:
    identity = stage.people.identity(FRANKFURT)
    pool = stage.known(stage.people.pool(FRANKFURT, developer(identity)))
    account = f"arn:aws:ses:{FRANKFURT}:{stage.box.account}:account/{stage.box.account}"
    before = len(stage.alerts.about(account))
    yield Spoken(stage=stage, pool=pool, identity=identity, account=account, alerts_before=before)
    # The notice of an identity that is gone would still be one of the account.
    assert stage.records.finding(account, "MW707", state="resolved")


def status(word: str) -> Json:
    return {"version": "1.0.0", "data": {"origin": "AWS_SES_MANAGED", "record": {"status": word, "cause": "bounces"}}}


def test_an_identity_that_ses_stopped_is_told_about_its_account_until_ses_says_otherwise(spoken: Spoken) -> None:
    stage = spoken.stage
    spoken.says(DISABLED, status("DISABLED"))
    found = stage.records.finding(spoken.account, "MW707", state="open")
    stage.box.quiet()
    stopped = stage.agreed(spoken.pool)
    alert = stage.alerts.about(spoken.account)[-1]

    spoken.says(ENABLED, status("ENABLED"))
    stage.records.finding(spoken.account, "MW707", state="resolved")
    # SES delivers its events at least once, and in any order.
    earlier = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    inject(stage.box, envelope(spoken, DISABLED, status("DISABLED")) | {"time": earlier})
    until(lambda: overtaken(spoken), what="the line that the older event changes nothing")
    stage.box.quiet()

    assert f"identity {spoken.identity.name}" in found["message"]
    assert stopped == ("at risk", "feedback")
    assert alert.document["affected"]["pools"] == [spoken.pool.arn]
    assert (alert.document["cause"]["event_name"], alert.document["cause"]["actor"]) == (DISABLED, "ses.amazonaws.com")
    assert spoken.told() == [("open", "high"), ("resolved", "high")]
    assert stage.agreed(spoken.pool) == ("yes", None)


def overtaken(spoken: Spoken) -> list[Json]:
    lines = spoken.stage.box.log("tally", containing=spoken.identity.name)
    return [line for line in lines if line["message"] == "notice overtaken by a later one" and line["stands"]]


def test_a_recommendation_is_told_until_it_is_closed(spoken: Spoken) -> None:
    stage = spoken.stage
    spoken.says(OPEN, ADVICE)
    found = stage.records.finding(spoken.account, "MW707", state="open")
    advised = stage.agreed(spoken.pool)

    spoken.says(CLOSED, ADVICE)
    stage.records.finding(spoken.account, "MW707", state="resolved")

    assert "Many mails bounce." in found["evidence"]["notice_1"]
    assert advised == ("yes", None)
    assert spoken.told() == [("open", "medium"), ("resolved", "medium")]


def test_what_has_an_unknown_shape_is_shown_or_put_aside_and_keeps_nothing_from_being_heard(spoken: Spoken) -> None:
    box = spoken.stage.box
    box.received("FeedbackDeadLettersUrl")
    wordless = envelope(spoken, OPEN, {"new": [[1, {"shape": None}]]}) | {"resources": []}
    timeless = envelope(spoken, DISABLED, status("DISABLED")) | {"time": "yesterday"}
    sound = envelope(spoken, DISABLED, status("DISABLED"))

    inject(box, wordless, timeless, sound)
    for attempt in range(1, ATTEMPTS + 1):
        until(lambda: len(refusals(box)) >= attempt, what=f"refusal {attempt} of an event without a time")  # noqa: B023
        # It comes again at once, as after its visibility timeout.
        box.release("FeedbackQueueUrl")
    until(lambda: box.depth("FeedbackDeadLettersUrl"), what="the event without a time among the dead letters")
    box.quiet()
    found = spoken.stage.records.finding(spoken.account, "MW707", state="open")
    (letter,) = box.received("FeedbackDeadLettersUrl")
    inject(box, envelope(spoken, CLOSED, {}) | {"resources": []}, envelope(spoken, ENABLED, status("ENABLED")))

    assert json.loads(letter["Body"]) == timeless
    assert found["evidence"]["notices"] == "2"
    assert f"{spoken.identity.arn}: DISABLED" in found["evidence"]["notice_1"]
    assert f"{spoken.account}: no text" in found["evidence"]["notice_2"]


def envelope(spoken: Spoken, detail_type: str, detail: Json) -> Json:
    """An event as EventBridge delivers it."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": "aws.ses",
        "account": spoken.stage.box.account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": FRANKFURT,
        "resources": [spoken.identity.arn],
        "detail": detail,
    }


def inject(box: Box, *events: Json) -> None:
    bodies = [json.dumps(event) for event in events]
    box.control("POST", f"queues/{box.queue_name('FeedbackQueueUrl')}/inject", {"bodies": bodies})


def refusals(box: Box) -> list[Json]:
    lines = box.log("tally", containing="yesterday")
    return [line for line in lines if line["message"] == "message not understood"]
