"""What comes back of mail: SES's own events are counted once for each pool, identity and set, whatever happens.

Real mail to the mailbox simulator makes the first events. A flood of made-up ones is put past the queue's policy: only
EventBridge and SNS may send there.
"""

import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.running import ROOT
from tests.e2e.box import Box, Json, unique
from tests.e2e.people import Identity, Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

DUBLIN = "eu-west-1"
BOUNCE, COMPLAINT = "Bounce/Permanent/General", "Complaint"
FLOOD = 10_000

type Counts = dict[str, int]


@pytest.fixture
def telling_set(box: Box) -> Iterator[str]:
    """A configuration set that tells EventBridge what came back."""
    ses, name = box.client("sesv2", DUBLIN), unique("telling")
    ses.create_configuration_set(ConfigurationSetName=name)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=name,
        EventDestinationName="to-eventbridge",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"],
            "EventBridgeDestination": {
                "EventBusArn": f"arn:aws:events:{DUBLIN}:{box.account}:event-bus/default",
            },
        },
    )
    yield name
    ses.delete_configuration_set(ConfigurationSetName=name)


def test_mail_to_the_simulator_is_counted_for_the_pool_that_sent_it(stage: Stage, telling_set: str) -> None:
    identity = stage.people.identity(DUBLIN)
    alone = stage.known(stage.people.pool(DUBLIN, mail_of(identity, "alone", telling_set)))
    sharing = [stage.known(stage.people.pool(DUBLIN, mail_of(identity, "shared", telling_set))) for _ in range(2)]

    for _ in range(3):
        sign_up(stage, alone, "bounce")
    for _ in range(2):
        sign_up(stage, alone, "complaint")
    sign_up(stage, alone, "success")
    for pool in sharing:
        sign_up(stage, pool, "bounce")

    expected: Counts = {BOUNCE: 5, COMPLAINT: 2}
    until(lambda: counted(stage, identity.arn) == expected, what=f"{expected} at the identity")
    stage.box.quiet()
    assert counted(stage, alone.arn) == {BOUNCE: 3, COMPLAINT: 2}
    assert counted(stage, set_arn(stage, telling_set)) == expected
    # Which of the two sent it, nobody can know: it is said to be shared, and counted for neither.
    assert [counted(stage, pool.arn) for pool in sharing] == [{}, {}]
    assert stage.agreed(alone) == ("yes", None)


def test_ten_thousand_events_with_duplicates_out_of_order_and_garbled_are_counted_exactly(
    stage: Stage, telling_set: str
) -> None:
    identity = stage.people.identity(DUBLIN)
    pools = [
        stage.known(stage.people.pool(DUBLIN, mail_of(identity, f"shop{number}", telling_set))) for number in range(3)
    ]
    chance = random.Random(20_261_124)  # noqa: S311 - an order of events, not a secret
    truth: dict[str, Counter[str]] = {pool.arn: Counter() for pool in pools}
    bodies: list[str] = []
    numbers = itertools.count(1)
    while len(bodies) < FLOOD - 20:
        place = chance.randrange(len(pools))
        event, outcome = told(stage, chance, next(numbers), identity, f"shop{place}", telling_set)
        truth[pools[place].arn][outcome] += 1
        copies = chance.choice((1, 1, 2, 3))
        bodies += [chance.choice((json.dumps, through_a_topic))(event) for _ in range(copies)]
    garbled = [chance.choice(bodies)[: chance.randrange(1, 200)] for _ in range(FLOOD - len(bodies))]
    bodies += garbled
    chance.shuffle(bodies)
    queue = stage.box.queue_name("FeedbackQueueUrl")

    for some in itertools.batched(bodies, 2_500, strict=False):
        stage.box.control("POST", f"queues/{queue}/inject", {"bodies": list(some)})

    def is_counted() -> bool:
        return all(counted(stage, arn) == dict(counts) for arn, counts in truth.items())

    until(is_counted, what="the truth in the ledger", within=90)
    # Each is received five times, which the window of a batch would make five times as long.
    with stage.box.feedback_at_once():
        until(lambda: dead_letters(stage, queue) == len(garbled), what="every garbled one with the dead letters")
    assert Counter(message["Body"] for message in stage.box.received("FeedbackDeadLettersUrl")) == Counter(garbled)
    stage.box.quiet()
    assert is_counted()
    total = sum(truth.values(), Counter[str]())
    assert counted(stage, identity.arn) == counted(stage, set_arn(stage, telling_set)) == dict(total)
    assert "@customer.example" not in json.dumps(stage.box.log("tally"))


def test_the_pool_whose_mail_bounces_is_named_once_the_hour_is_over(stage: Stage, telling_set: str) -> None:
    identity = stage.people.identity(DUBLIN)
    pool = stage.known(stage.people.pool(DUBLIN, mail_of(identity, "robots", telling_set)))
    earlier = datetime.now(UTC) - timedelta(hours=3)
    stage.box.control("POST", "ses/metrics", {"region": DUBLIN, "points": sends_at(earlier, telling_set)})
    chance = random.Random(7)  # noqa: S311 - a choice of kinds of events
    events = [told(stage, chance, -number, identity, "robots", telling_set)[0] for number in range(1, 61)]
    bounces = [event for event in events if event["detail-type"] == "Email Bounced"]
    for event in bounces:
        event["detail"]["bounce"]["timestamp"] = (earlier + timedelta(hours=1)).isoformat()
    queue = stage.box.queue_name("FeedbackQueueUrl")

    stage.box.control("POST", f"queues/{queue}/inject", {"bodies": [json.dumps(event) for event in bounces]})
    until(lambda: counted(stage, pool.arn) == {BOUNCE: len(bounces)}, what="the bounces in the ledger")
    stage.box.invoke("reputation", {"reputation": "all"})
    stage.people.touch(pool)
    found = stage.records.finding(pool.arn, "MW706", state="open")
    stage.box.quiet()
    stage.box.control("DELETE", "ses/metrics", region=DUBLIN)

    assert found["evidence"]["hard_bounces"] == str(len(bounces))
    assert found["evidence"]["sent_at_most"].startswith("400, as many as its configuration set")
    assert f"at least {len(bounces) / 4:.1f}".rstrip("0").rstrip(".") in found["message"]
    assert found["effect"] == "none"
    assert ("MW706", "open") in stage.told(pool.arn)
    assert stage.agreed(pool) == ("yes", None)


def sends_at(moment: datetime, configuration_set: str) -> list[Json]:
    """400 mails of that time, all of them through the set."""
    at = moment.replace(minute=0).timestamp()
    return [
        {"name": "Send", "value": 400, "at": at},
        {"name": "Send", "value": 400, "at": at, "configuration_set": configuration_set},
    ]


def mail_of(identity: Identity, local: str, configuration_set: str) -> dict[str, str]:
    return developer(identity) | {"From": f"Shop <{local}@{identity.name}>", "ConfigurationSet": configuration_set}


def set_arn(stage: Stage, name: str) -> str:
    return f"arn:aws:ses:{DUBLIN}:{stage.box.account}:configuration-set/{name}"


def sign_up(stage: Stage, pool: Pool, outcome: str) -> None:
    """Somebody signs up with an address of SES's mailbox simulator."""
    name = unique(outcome)
    stage.box.app(pool.region).sign_up(
        ClientId=pool.client_id,
        Username=name,
        Password="Sesame-0pen!",
        UserAttributes=[{"Name": "email", "Value": f"{outcome}+{name}@simulator.amazonses.com"}],
    )


def told(
    stage: Stage, chance: random.Random, number: int, identity: Identity, local: str, configuration_set: str
) -> tuple[Json, str]:
    """One event as EventBridge delivers it, and the outcome it is counted as."""
    kind, outcome = chance.choice((("ses.email-bounced", BOUNCE), ("ses.email-complaint-received", COMPLAINT)))
    event: Json = json.loads((ROOT / "events" / f"{kind}.json").read_text())
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    mail = event["detail"]["mail"] | {
        "messageId": f"flood-{number}",
        "source": f"{local}@{identity.name}",
        "sourceArn": identity.arn,
        "sendingAccountId": stage.box.account,
        "commonHeaders": {},
        "tags": {"ses:configuration-set": [configuration_set]},
    }
    part = "bounce" if outcome == BOUNCE else "complaint"
    record = event["detail"][part] | {"feedbackId": f"feedback-{number}", "timestamp": now}
    if outcome == BOUNCE:
        record |= {"bounceType": "Permanent", "bounceSubType": "General"}
    else:
        record["complaintSubType"] = None
    detail = event["detail"] | {"mail": mail, part: record}
    return event | {"account": stage.box.account, "region": DUBLIN, "time": now, "detail": detail}, outcome


def through_a_topic(event: Json) -> str:
    """The same as a topic of SNS delivers it."""
    return json.dumps({"Type": "Notification", "MessageId": unique("sns"), "Message": json.dumps(event["detail"])})


def counted(stage: Stage, arn: str) -> Counts:
    """What the ledger counts for a subject, over all days."""
    answer = stage.box.client("dynamodb").query(
        TableName=stage.box.outputs["LedgerTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"COUNTS#{arn}"}},
        ConsistentRead=True,
    )
    total: Counter[str] = Counter()
    for item in answer["Items"]:
        for name, value in item.items():
            if name.startswith("n:"):
                total[name.removeprefix("n:")] += int(value["N"])
    return dict(total)


def dead_letters(stage: Stage, queue: str) -> int:
    """How many messages are with the dead letters, once what failed comes again at once."""
    stage.box.control("POST", f"queues/{queue}/release")
    return stage.box.depth("FeedbackDeadLettersUrl")
