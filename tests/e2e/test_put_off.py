"""A repair that AWS throttles is no news: it comes again."""

from tests.e2e.people import Pool
from tests.e2e.stage import Stage
from tests.e2e.test_faults import ATTEMPTS, OREGON, SEOUL, THROTTLED, hastened_looks, writes
from tests.e2e.waiting import until


def test_a_throttled_repair_is_put_off_and_comes_again(stage: Stage) -> None:
    pool, identity = stage.authorized(SEOUL, OREGON)
    mark = stage.box.mark()

    with stage.box.fault(service="ses", action="GetEmailIdentity", role=stage.box.role("repair"), **THROTTLED) as hits:
        stage.people.detach(identity)
        until(lambda: hits() >= ATTEMPTS, what="a throttled read, tried again")
        until(lambda: put_off(stage, pool), what="the repair that is put off")
        untouched = writes(stage.box, since=mark), stage.told(pool.arn, "MW401")
    until(lambda: hastened_looks(stage, pool)[-1].answer == "yes", what="the repair that comes again")
    stage.alert(pool.arn, "MW401", "repaired")
    stage.box.quiet()

    assert untouched == ([], [])
    assert writes(stage.box, since=mark) == ["CreateEmailIdentityPolicy"]
    assert stage.told(pool.arn, "MW401") == [("MW401", "repaired")]


def put_off(stage: Stage, pool: Pool) -> bool:
    lines = stage.box.log("repair", containing=pool.pool_id)
    return any(line.get("reason", "").startswith("look.put-off") for line in lines)
