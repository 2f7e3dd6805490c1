"""One batch of hints with everything in it: the good are handled, the bad end as dead letters with their reason."""

import json

from tests.e2e.people import default_sender
from tests.e2e.stage import Stage
from tests.e2e.trail import envelope, example, inject, of_call
from tests.e2e.waiting import until

SEOUL, OREGON, DUBLIN = "ap-northeast-2", "us-west-2", "eu-west-1"


def test_good_hints_are_handled_and_bad_ones_are_dead_lettered_with_their_reason(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    open_identity = stage.people.address(DUBLIN)
    with stage.box.without_events():
        stage.people.detach(identity)
        unheard = stage.people.pool(DUBLIN, default_sender(open_identity))
    malformed = '{"version": "0", "detail-type": '
    foreign = example("cognito-idp.update-user-pool.other-account")
    nameless = example("cognito-idp.update-user-pool.null-parameters", region=DUBLIN)
    good = envelope(of_call(stage.box, OREGON, "DeleteIdentityPolicy", about=identity.name))
    before = len(refusals(stage, "inspect"))

    inject(stage.box, malformed, json.dumps(foreign), json.dumps(nameless), json.dumps(good))

    # The good one names the pool's identity; the nameless one is a look at its region, which finds another pool.
    stage.alert(pool.arn, "MW401", "repaired")
    stage.alert(unheard.arn, "MW401", "repaired")
    # The first two: messages that fail come again.
    lines, refused = stage.box.log("inspect"), refusals(stage, "inspect")[before:][:2]
    (batch,) = {line["function_request_id"] for line in refused}
    looked = [line for line in lines if line.get("pool") == pool.arn and line["function_request_id"] == batch]
    assert [line["verdict"] for line in looked] == ["no"]
    assert sum("MalformedMessage: document.not-json document=message" in line["reason"] for line in refused) == 1
    (foreigners,) = (line["reason"] for line in refused if line["reason"].startswith("ForeignEvent: document.wrong "))
    assert "member=event.account" in foreigners

    until(lambda: released(stage) == 2, what="two dead letters")
    dead = {message["Body"] for message in stage.box.received("HintsDeadLettersUrl")}
    assert dead == {malformed, json.dumps(foreign)}
    stage.box.quiet()
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]
    assert stage.told(unheard.arn, "MW401") == [("MW401", "repaired")]


def test_a_malformed_order_is_dead_lettered_with_its_reason(stage: Stage) -> None:
    queue, before = stage.box.queue_name("RepairsQueueUrl"), len(refusals(stage))

    stage.box.control("POST", f"queues/{queue}/inject", {"bodies": ['{"mailwarden": "repair-order", "version": 2}']})
    until(lambda: refusals(stage)[before:], what="the refusal of the order")
    until(lambda: released(stage, "Repairs") == 1, what="a dead letter")

    assert "message.other-version" in refusals(stage)[before]["reason"]
    assert len(stage.box.received("RepairsDeadLettersUrl")) == 1


def released(stage: Stage, queue: str = "Hints") -> int:
    """Make failed messages visible at once, as after their visibility timeout; returns the number of dead letters."""
    stage.box.control("POST", f"queues/{stage.box.queue_name(f'{queue}QueueUrl')}/release")
    return stage.box.depth(f"{queue}DeadLettersUrl")


def refusals(stage: Stage, function: str = "repair") -> list[dict[str, str]]:
    return [
        line
        for line in stage.box.log(function, containing="not understood")
        if line.get("message") == "message not understood"
    ]
