"""The checks of a run, in their order."""

import time
from dataclasses import dataclass, field

from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.domain.readings import Unreadable
from tools.live_check.event_bodies import CallLine, check_events
from tools.live_check.listening import Listener
from tools.live_check.pools import (
    ScratchPool,
    check_developer,
    check_refusals,
    check_reset,
    check_round_trip,
    create_pool,
    tag_pool,
)
from tools.live_check.removal import Removal
from tools.live_check.scratch_run import ScratchRun
from tools.live_check.scratch_stack import check_looks
from tools.live_check.ses_calls import call_ses, check_grant, create_role


@dataclass(slots=True, kw_only=True)
class Check:
    """One run of all checks; ``settle`` is the time in seconds that new rules have before the first call."""

    run: ScratchRun
    listener: Listener
    removal: Removal
    settle: float
    lines: list[CallLine] = field(default_factory=list)

    def all(self) -> None:
        """Make everything, compare it, and receive its events; an error of AWS ends one step only."""
        run = self.run
        with run.step("looking at the trails"):
            check_trails(run)
        with run.step("making rules and queues"):
            self.listener.begin()
            time.sleep(self.settle)
        with run.step("looking at the service-linked role"):
            create_role(run)
        pools = self._pools()
        if pools:
            self._updates(pools)
        with run.step("making a configuration set and an unverified domain"):
            call_ses(run)
        if run.stack:
            with run.step(f"waiting until {run.stack} has looked at the pools"):
                check_looks(run, pools)
        else:
            run.observations.missed("looked-at", "", why="needs --stack or --deploy")
        with run.step("removing pools, identities and sets"):
            # Anything that is left is tried once more at the end.
            self.removal.resources()
        with run.step(f"waiting for events, up to {run.wait:.0f} s"):
            self.lines += check_events(run, self.listener)

    def _pools(self) -> list[ScratchPool]:
        made: list[ScratchPool] = []
        for tier in self.run.tiers:
            with self.run.step(f"a pool with tier {tier}"):
                pool = create_pool(self.run, tier)
                made.append(pool)
                check_round_trip(self.run, pool)
        return made

    def _updates(self, pools: list[ScratchPool]) -> None:
        run = self.run
        with run.step("tagging a pool"):
            tag_pool(run, pools[0])
        with run.step("updates that Cognito refuses"):
            check_refusals(run, pools[0])
        if run.identity:
            with run.step("a grant and its undo"):
                check_grant(run, pools)
            with run.step("a pool that sends through the identity"):
                check_developer(run, pools[-1])
        else:
            for fact in ("grant-written", "grant-undone", "update-absent", "developer-accepted"):
                run.observations.missed(fact, "", why="needs --identity")
        with run.step("an update with the id of a pool alone"):
            check_reset(run, pools[0])


def check_trails(run: ScratchRun) -> None:
    """Whether a trail is seen that logs, and whether its status and selectors can be read."""
    trails = CloudTrailTrails(clients=run.adapters).seen_in(run.region)
    if isinstance(trails, Unreadable):
        run.observations.missed("trail-delivers", run.region, why=f"DescribeTrails: {trails.reason}")
        return
    if not trails:
        run.observations.missed("trail-delivers", run.region, why="the account has no trail")
    for number, trail in enumerate(trails, start=1):
        kind = "organization's trail" if trail.organization else "trail"
        refused = [each.reason for each in (trail.logging, trail.selectors) if isinstance(each, Unreadable)]
        what = f"{kind} {number}"
        if refused:
            run.observations.add("trail-delivers", what, agrees=False, seen=", ".join(refused))
        else:
            run.observations.add("trail-delivers", what, agrees=bool(trail.logging), seen=f"logging: {trail.logging}")
