"""One call breaks many pools at once, under AWS's request rates: each is looked at once, and all can send soon."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from tests.e2e.box import Json
from tests.e2e.people import Pool, default_sender, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON = "ap-northeast-2", "us-west-2"
POOLS = int(os.environ.get("STORM_POOLS", "60"))
SETTLE = float(os.environ.get("STORM_SETTLE_SECONDS", "0"))
# Two on an idle machine. A write serves the pools that were looked at before it, and a slow machine looks later.
MOST_WRITES = 7
# Ten seconds after the settle time where nothing else runs; a shared machine takes longer.
FIRST_WITHIN, ALL_WITHIN = SETTLE + 20.0, 150.0
# The pools of the first second are looked at by the event, and those of a crash or of a message that comes twice again:
# few on an idle machine, more on a shared one.
A_FEW = 15
# Each process of the first second reads the identity for itself, whose rate is one read a second; a refused look waits.
MOST_REFUSED = 20
# It opens, grows, and ends; it may be over before anything has to be said.
MOST_MESSAGES = 3
# A third of AWS's rate of 15 reads a second for each function, in any ten seconds, with what the edges of seconds add.
MOST_READS_IN_A_WINDOW, WINDOW = 5 * 10 + 10, 10
# A write reads its identity before it, compares, confirms, and looks again; other reads share a third of one a second.
SES_READS_PER_WRITE, SES_SHARE = 4, 1 / 3


@pytest.mark.timeout(5 * max(60, POOLS))
def test_the_loss_of_a_policy_that_many_pools_use_is_one_look_a_pool_and_few_writes(
    stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    identity = stage.people.address(OREGON)
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)))
    pools = [stage.people.pool(SEOUL, default_sender(identity)) for _ in range(POOLS)]
    begun = max(90.0, POOLS)
    until(lambda: all(stage.records.looks(pool.arn) for pool in pools), what="a look at every pool", within=begun)
    stage.box.quiet(within=90)

    def can_send(pool: Pool) -> bool:
        return stage.people.judged(pool)["accepted"] is True

    mark, logged = stage.box.mark(), len(stage.box.log("repair"))
    stage.box.control("POST", "quotas", {"on": True})

    try:
        stage.people.detach(identity)
        # Longer than it may take, so that a storm that takes too long is measured, too.
        until(lambda: any(map(can_send, pools[:: POOLS // 5])), what="the first pools can send", within=4 * ALL_WITHIN)
        for pool in pools:
            until(partial(can_send, pool), what="every pool can send", within=4 * ALL_WITHIN)
        stage.box.quiet(within=2 * ALL_WITHIN)
    finally:
        counted: list[Json] = stage.box.control("POST", "quotas", {"on": False})["counted"]
    messages = {each.document["alert_id"] for pool in pools for each in stage.alerts.about(pool.arn)}
    inspect, repair = stage.box.role("inspect"), stage.box.role("repair")
    reads = {name: total(counted, "DescribeUserPool", stage.box.role(name)) for name in ("inspect", "repair")}
    writes = [
        call
        for call in stage.box.calls(since=mark, role=repair, service="ses")
        if call["action"].endswith("IdentityPolicy") and call["error"] is None
    ]
    # To ask about hundreds of pools takes seconds: the log tells when those of a write could send.
    lost_at = next(at_of(call) for call in stage.box.calls(since=mark) if call["action"] == "DeleteIdentityPolicy")
    first, last = ((at_of(writes[place]) - lost_at).total_seconds() for place in (0, -1))
    busiest = {
        (name, action): most_in_a_window(counted, action, stage.box.role(name))
        for name in ("inspect", "repair")
        for action in ("DescribeUserPool", "GetEmailIdentity")
    }
    refused = Counter[str]()
    for line in counted:
        refused[f"{line['action']} {'inspect' if line['role'] == inspect else 'repair'}"] += line["refused"]
    orders = Counter(
        f"{line['message']} {line.get('reason') or ''}"
        for line in stage.box.log("repair")[logged:]
        if line.get("outcome", 0) != 0
    )
    measured = (
        f"a policy of {POOLS} pools lost, under quotas: first can send after {first:.1f} s, all after {last:.1f} s; "
        f"pools read by inspect {reads['inspect']}, by repair {reads['repair']}; {len(writes)} policy writes; "
        f"most in {WINDOW} s {busiest}; throttled {dict(refused)}; orders {dict(orders)}; {len(messages)} messages"
    )
    record_property("measured", measured)
    sys.stdout.write(f"{measured}\n")
    assert first < FIRST_WITHIN
    assert last < ALL_WITHIN
    assert len(writes) <= MOST_WRITES
    assert reads["inspect"] <= POOLS + A_FEW
    assert reads["repair"] <= POOLS
    assert all(order.startswith("repaired") for order in orders)
    assert max(busiest[name, "DescribeUserPool"] for name in ("inspect", "repair")) <= MOST_READS_IN_A_WINDOW
    identities = sum(total(counted, "GetEmailIdentity", role) for role in (inspect, repair))
    assert identities <= SES_READS_PER_WRITE * len(writes) + SES_SHARE * last + A_FEW
    assert sum(refused.values()) <= MOST_REFUSED
    assert 0 < len(messages) <= MOST_MESSAGES


def at_of(call: Json) -> datetime:
    return datetime.fromisoformat(call["time"])


def total(counted: list[Json], action: str, role: str) -> int:
    return sum(int(line["calls"]) for line in counted if (line["action"], line["role"]) == (action, role))


def most_in_a_window(counted: list[Json], action: str, role: str) -> int:
    of_second = Counter[int]()
    for line in counted:
        if (line["action"], line["role"]) == (action, role):
            of_second[int(line["second"])] += int(line["calls"])
    return max((sum(of_second[start + each] for each in range(WINDOW)) for start in of_second), default=0)
