"""The emergency stop: nothing is written from then on, nothing that waits is lost, and a start goes on from there."""

import os
import subprocess
from pathlib import Path
from typing import Any

from sandbox.running import ROOT
from tests.e2e.box import STACK, Box
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON = "ap-northeast-2", "us-west-2"


def test_a_pool_that_breaks_while_repairs_are_stopped_is_repaired_after_the_start(stage: Stage, python: Path) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)

    try:
        stopped = switch(stage.box, python, "stop")
        status = switch(stage.box, python, "status")
        stage.people.detach(identity)
        stage.seen_broken(pool)
        # A look is announced before its findings are put, so that a crash in between leaves nothing unknown.
        waiting = until(lambda: stage.records.finding_now(pool.arn, "MW401"), what="the finding that waits")
        untouched = stage.people.policies(identity), stage.records.writes(identity.arn)
        orders = stage.box.depth("RepairsQueueUrl")
        broken = stage.agreed(pool)
    finally:
        started = switch(stage.box, python, "start")
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert (stopped, status) == ("repairs: Disabled", "repairs: Disabled")
    assert waiting is not None
    assert (waiting["state"], waiting["handling"]) == ("open", "pending")
    assert untouched == ({}, [])
    assert orders == 1
    assert broken == ("no", "authorization")
    assert started == "repairs: Enabled\nevery watched region is looked at again"
    assert stage.agreed(pool) == ("yes", None)
    assert [write["outcome"] for write in stage.records.writes(identity.arn)] == ["written"]


def test_a_stop_holds_although_a_deployment_enables_the_event_source_again(stage: Stage, python: Path) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    functions = stage.box.client("lambda")
    [mapping] = functions.list_event_source_mappings(FunctionName=f"{STACK}-repair")["EventSourceMappings"]

    try:
        functions.update_event_source_mapping(UUID=mapping["UUID"], BatchSize=1)  # a deployment is changing it
        stopped = switch(stage.box, python, "stop")
        until(lambda: is_in_state(functions, mapping["UUID"], "Disabled"), what="the stop")
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
        until(lambda: is_in_state(functions, mapping["UUID"], "Enabled"), what="the deployment")
        stage.people.detach(identity)
        told = stage.alert(pool.arn, "MW401", "open")
        stage.box.quiet()
        untouched = stage.people.policies(identity), stage.records.writes(identity.arn)
    finally:
        started = switch(stage.box, python, "start")
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


def switch(box: Box, python: Path, action: str) -> str:
    """Run the tool like `make stop` and `make start`; returns its output."""
    ended = subprocess.run(
        [python, ROOT / "tools" / "repairs_switch.py", "--stack", STACK, action],
        env={"PATH": os.environ["PATH"], **box.running.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
