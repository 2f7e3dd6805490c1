"""Pools in regions that are not watched: one finding names the regions, and what is unknown ends nothing."""

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.repair.limits import Limits, RuleMode
from mailwarden.inbound.schedule.sweep import ScheduledSelfCheck
from tests.builders import unread
from tests.fakes.logs import KeptLog
from tests.fakes.pool_counts import HeldPoolCounts
from tests.unit.monitoring.test_self_check import Box

DENIED = unread("cognito-idp:ListUserPools")
HOME = "eu-west-1"


def test_one_finding_names_the_regions_with_pools_and_ends_when_they_are_gone() -> None:
    box = Box(pool_counts=HeldPoolCounts(held={"sa-east-1": 2, "us-east-1": 60, "eu-west-3": 0, HOME: 9}))

    found = box.watcher().check_other_regions()
    record = box.record("MW910", HOME)
    box.pool_counts.held = {"sa-east-1": 0, "us-east-1": 0}
    over = box.watcher().check_other_regions()

    assert (found.found, over.found) == (True, False)
    assert record.finding.evidence == {"pools_seen": 62}
    assert dict(record.finding.message.args)["regions"] == ("sa-east-1", "us-east-1")
    assert box.record("MW910", HOME).lifecycle.state is FindingState.RESOLVED


@pytest.mark.parametrize("held", [{"sa-east-1": DENIED}, {"sa-east-1": DENIED, "eu-west-3": 0}])
def test_a_region_that_cannot_be_listed_opens_nothing_and_ends_nothing(held: dict[str, object]) -> None:
    box = Box(pool_counts=HeldPoolCounts(held=dict(held)))  # type: ignore[arg-type] # counts and refusals

    assert not box.watcher().check_other_regions().found
    assert box.ledger.findings.held == {}

    box.pool_counts.held["eu-south-1"] = 1
    box.watcher().check_other_regions()
    box.pool_counts.held["eu-south-1"] = 0
    result = box.watcher().check_other_regions()

    assert (result.found, result.error) == (False, None)
    assert box.record("MW910", HOME).lifecycle.state is FindingState.OPEN


def test_a_rule_that_is_off_ends_its_finding_whatever_is_unknown() -> None:
    box = Box(pool_counts=HeldPoolCounts(held={"sa-east-1": 1}))
    box.watcher().check_other_regions()
    box.pool_counts.held["eu-west-3"] = DENIED
    box.limits = Limits(rule_modes={"MW910": RuleMode.OFF})

    box.watcher().check_other_regions()

    assert box.record("MW910", HOME).lifecycle.state is not FindingState.OPEN


@pytest.mark.parametrize(("event", "checked"), [("other regions", True), ("all", False), ("due", False)])
def test_only_its_own_schedule_looks_at_other_regions(event: str, checked: bool) -> None:
    box, log = Box(pool_counts=HeldPoolCounts(held={"sa-east-1": 1})), KeptLog()

    ScheduledSelfCheck(watcher=box.watcher(), fault=None, report_outdated=lambda _: None).run({"sweep": event}, log=log)

    assert ("MW910" in {extra["rule"] for _, extra in log.lines}) is checked
