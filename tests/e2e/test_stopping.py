"""The emergency stop: nothing is written from then on, nothing that waits is lost, and a start goes on from there."""

import getpass
from typing import Any

from tests.e2e.box import STACK
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON = "ap-northeast-2", "us-west-2"


def test_a_pool_that_breaks_while_repairs_are_stopped_is_repaired_after_the_start(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    before = stage.box.tool("repairs_switch", "status").splitlines()

    try:
        stopped = stage.box.tool("repairs_switch", "stop")
        status = stage.box.tool("repairs_switch", "status")
        stage.people.detach(identity)
        stage.seen_broken(pool)
        # A look is announced before its findings are put, so that a crash in between leaves nothing unknown.
        waiting = until(lambda: stage.records.finding_now(pool.arn, "MW401"), what="the finding that waits")
        untouched = stage.people.policies(identity), stage.records.writes(identity.arn)
        orders = stage.box.depth("RepairsQueueUrl")
        broken = stage.agreed(pool)
        asked = " ".join(stage.box.tool("why", pool.arn).split())
    finally:
        started = stage.box.tool("repairs_switch", "start")
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert before == ["repairs: Enabled", "no operator stopped repairs"]
    assert stopped == "repairs: Disabled"
    assert status.splitlines()[0] == "repairs: Disabled"
    assert status.splitlines()[1].startswith(f"operator:{getpass.getuser()} stopped repairs at ")
    assert f"operator:{getpass.getuser()} stopped repairs at " in asked
    assert waiting is not None
    assert (waiting["state"], waiting["handling"]) == ("open", "pending")
    assert untouched == ({}, [])
    assert orders == 1
    assert broken == ("no", "authorization")
    assert started == "repairs: Enabled\nevery watched region is looked at again"
    assert stage.agreed(pool) == ("yes", None)
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written"]


def test_a_stop_holds_although_a_deployment_enables_the_event_source_again(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    functions = stage.box.client("lambda")
    [mapping] = functions.list_event_source_mappings(FunctionName=f"{STACK}-repair")["EventSourceMappings"]

    try:
        functions.update_event_source_mapping(UUID=mapping["UUID"], BatchSize=1)  # a deployment is changing it
        stopped = stage.box.tool("repairs_switch", "stop")
        until(lambda: is_in_state(functions, mapping["UUID"], "Disabled"), what="the stop")
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
        until(lambda: is_in_state(functions, mapping["UUID"], "Enabled"), what="the deployment")
        stage.people.detach(identity)
        told = stage.alert(pool.arn, "MW401", "open")
        stage.box.quiet()
        untouched = stage.people.policies(identity), stage.records.writes(identity.arn)
    finally:
        started = stage.box.tool("repairs_switch", "start")
    # A sweep's look may rest on readings of a minute ago, and the refused order looked a moment ago: a call is newer.
    stage.people.touch(pool)
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert stopped == "repairs: Disabled"
    assert "stopped repairs" in told.document["handling"]["note"]
    assert untouched == ({}, [])
    assert started == "repairs: Enabled\nevery watched region is looked at again"
    assert stage.agreed(pool) == ("yes", None)


def is_in_state(functions: Any, mapping: str, state: str) -> bool:  # noqa: ANN401 - boto3 clients have no static type
    return bool(functions.get_event_source_mapping(UUID=mapping)["State"] == state)
