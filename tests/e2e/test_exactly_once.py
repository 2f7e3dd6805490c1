"""Events come twice, late and in another order, and our own writes make events too: one repair, one alert."""

import json
from datetime import timedelta
from functools import partial

from tests.e2e.box import Json
from tests.e2e.people import Identity, Pool, developer
from tests.e2e.stage import Stage
from tests.e2e.trail import deliver, envelope, looked_because_of, of_call
from tests.e2e.waiting import until

SEOUL, OREGON, VIRGINIA, PARIS = "ap-northeast-2", "us-west-2", "us-east-1", "eu-west-3"


def test_the_echo_of_our_own_grant_causes_no_look_and_tells_nothing(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    echo = of_call(stage.box, OREGON, "CreateEmailIdentityPolicy", about=identity.name, by="mailwarden-repair")
    redeliver(stage, identity, copies=2)
    stage.box.quiet()

    # `repair` itself looks again at everything that it served.
    assert not [line for line in stage.box.log("inspect", containing=echo["eventID"]) if line["message"] == "looked"]
    repaired_and_told_once(stage, pool, identity.arn, "MW401")


def test_the_echo_of_our_own_move_changes_nothing_and_tells_nothing(stage: Stage) -> None:
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    pool = stage.known(stage.people.pool(PARIS, developer(own)))

    stage.people.legacy(pool, developer(old))
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW201", "repaired")
    echo = of_call(stage.box, PARIS, "UpdateUserPool", about=pool.pool_id, by="mailwarden-repair")
    line = looked_because_of(stage.box, echo["eventID"])

    assert nothing_came_of(line)
    repaired_and_told_once(stage, pool, pool.arn, "MW201")


def test_duplicates_that_arrive_while_the_pool_is_broken_are_one_repair(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    with stage.box.repairs_held():
        stage.people.detach(identity)
        stage.seen_broken(pool)
        for copies in (1, 2, 3):
            looks = len(stage.records.looks(pool.arn))
            redeliver(stage, identity, copies)
            stage.records.looked(pool.arn, after=looks)
        orders = stage.box.depth("RepairsQueueUrl")
    stage.alert(pool.arn, "MW401", "repaired")

    assert orders == 1
    repaired_and_told_once(stage, pool, identity.arn, "MW401")


def test_duplicates_in_reverse_order_after_the_repair_change_nothing(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()
    looks = len(stage.records.looks(pool.arn))

    redeliver(stage, identity, 10)
    stage.records.looked(pool.arn, after=looks)

    repaired_and_told_once(stage, pool, identity.arn, "MW401")


def test_an_event_that_comes_an_hour_late_changes_nothing(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()
    deleted = of_call(stage.box, OREGON, "DeleteIdentityPolicy", about=identity.name)
    late = with_id(envelope(deleted, late=timedelta(hours=1)), f"late-{pool.pool_id}")

    deliver(stage.box, late)
    line = looked_because_of(stage.box, f"late-{pool.pool_id}")

    assert nothing_came_of(line)
    repaired_and_told_once(stage, pool, identity.arn, "MW401")


def test_a_breakage_that_is_heard_of_an_hour_late_is_repaired_once(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    with stage.box.without_events():
        stage.people.detach(identity)
    deleted = of_call(stage.box, OREGON, "DeleteIdentityPolicy", about=identity.name)
    deliver(stage.box, envelope(deleted, late=timedelta(hours=1)), envelope(deleted, late=timedelta(hours=1)))
    alert = stage.alert(pool.arn, "MW401", "repaired")

    assert alert.document["cause"]["event_name"] == "DeleteIdentityPolicy"
    repaired_and_told_once(stage, pool, identity.arn, "MW401")


def test_two_breakages_of_one_pool_are_two_repairs_and_two_alerts(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    looks = len(stage.records.looks(pool.arn))
    stage.people.detach(identity, name="mailwarden-cognito")
    stage.look_after(pool, looks)

    assert stage.agreed(pool) == ("yes", None)
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written", "written"]
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")] * 2
    until(lambda: len(stage.alerts.chat(pool.pool_id, "MW401")) == 2, what="the second message in the chat")


def test_what_is_undone_twice_waits_and_both_actors_are_named(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()
    for _ in range(2):
        looks = len(stage.records.looks(pool.arn))
        stage.people.detach(identity, name="mailwarden-cognito")
        stage.look_after(pool, looks)

    assert stage.agreed(pool) == ("no", "authorization")
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written", "written"]
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired"), ("MW401", "repaired"), ("MW401", "open")]
    assert "Mailwarden writes again after" in stage.alert(pool.arn, "MW401", "open").document["handling"]["note"]
    fight = json.dumps(stage.alert(pool.arn, "MW903", "open").document)
    assert "2 times, and it was undone each time, the last time by " in fight
    assert "IdentityPolicy" in fight


def test_alert_ids_are_different_for_each_alert_and_the_same_on_every_channel(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    stage.people.detach(identity)
    first = stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    sent = [json.loads(json.dumps(line)) for line in stage.box.log("slack") if line.get("rule") == "MW401"]
    assert first.document["alert_id"] in {line["alert_id"] for line in sent}
    assert first.attributes["state"] == "repaired"
    assert first.attributes["severity"] == first.document["severity"] == "critical"


def repaired_and_told_once(stage: Stage, pool: Pool, resource: str, rule: str) -> None:
    """With nothing left to do: one entry in the journal, one alert on each channel, and mail arrives."""
    stage.box.quiet()
    assert [write["outcome"] for write in stage.records.writes(resource)] == ["written"]
    assert stage.told(pool.arn, rule) == [(rule, "repaired")]
    until(partial(stage.alerts.chat, pool.pool_id, rule), what="the message in the chat")
    assert len(stage.alerts.chat(pool.pool_id, rule)) == 1
    assert stage.agreed(pool) == ("yes", None)
    assert stage.people.sign_up(pool).arrived


def nothing_came_of(line: Json) -> bool:
    """Whether a look found the pool sound, or that a newer look, the one after the repair, had done so."""
    newer = line.get("reason") == "look.newer-known"
    return (newer or line.get("verdict") == "yes") and not line.get("ordered")


def redeliver(stage: Stage, identity: Identity, copies: int) -> None:
    """Deliver the last events about an identity again, the newest first."""
    order = {"count": copies, "containing": identity.name, "reverse": True}
    stage.box.control("POST", f"queues/{stage.box.queue_name('HintsQueueUrl')}/redeliver", order)


def with_id(event: Json, event_id: str) -> Json:
    return event | {"detail": event["detail"] | {"eventID": event_id}}
