"""The sweep finds breakages without an event, and spreads its looks."""

from datetime import datetime
from itertools import pairwise

from tests.e2e.people import default_sender, developer
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

VIRGINIA, PARIS, FRANKFURT, DUBLIN = "us-east-1", "eu-west-3", "eu-central-1", "eu-west-1"
POOLS_PER_SECOND = 5


def test_pools_that_broke_without_any_event_are_found_and_repaired(stage: Stage) -> None:
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    ungranted = stage.people.address(DUBLIN)
    with stage.box.without_events():
        misplaced = stage.people.pool(PARIS, developer(own))
        stage.people.legacy(misplaced, developer(old))
        unauthorized = stage.people.pool(DUBLIN, default_sender(ungranted))
    broken = [stage.people.judged(pool)["accepted"] for pool in (misplaced, unauthorized)]
    assert stage.records.looks(misplaced.arn) == []

    # Events of our own repairs do not arrive either: everything depends on the looks of the sweep and of the repairs.
    with stage.box.without_events():
        stage.box.invoke("sweep", {"sweep": "all"})
        alerts = [
            stage.alert(misplaced.arn, "MW201", "repaired"),
            stage.alert(unauthorized.arn, "MW401", "repaired"),
        ]
        stage.box.quiet()

    assert broken == [False, False]
    assert [alert.document["cause"] for alert in alerts] == [None, None]
    for pool in (misplaced, unauthorized):
        assert stage.agreed(pool) == ("yes", None)
        assert stage.people.sign_up(pool).arrived


def test_the_looks_of_a_sweep_are_spread(stage: Stage) -> None:
    with stage.box.without_events():
        pools = [stage.people.pool(FRANKFURT) for _ in range(3 * POOLS_PER_SECOND + 1)]
    mark = stage.box.mark()

    stage.box.invoke("sweep", {"sweep": "all"})
    until(lambda: all(map(stage.records.last_look, [pool.arn for pool in pools])), what="a look at every pool")
    calls = stage.box.calls(since=mark, action="DescribeUserPool", region=FRANKFURT, role=stage.box.role("inspect"))

    times = sorted(datetime.fromisoformat(call["time"]) for call in calls)
    assert len(times) == len(pools)
    # Queues deliver on the second; a message due in one second may arrive in the next.
    for first, late in pairwise(times[::POOLS_PER_SECOND]):
        assert (late - first).total_seconds() > 0.5
    assert (times[-1] - times[0]).total_seconds() > 2
