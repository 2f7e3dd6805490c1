"""What a run hints at reaches people: the looks it leads to rest on what the run kept, and are not taken for older."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from mailwarden.domain.readings import Enforcement
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.reputation.feedback import Figures
from mailwarden.domain.reputation.time_series import SLOT, Slot, slot_of
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.service.reputation.collector import ReputationCollector
from tests.builders import ACCOUNT, configuration_set, developer, identity, identity_ref, pool, ses_account
from tests.fakes.deployment import Deployment
from tests.fakes.reputation import HeldFigures
from tests.unit.reputation.story import DENIED, VIRGINIA

SHOP = pool(email=developer(identity_ref(), configuration_set="mail"))


@dataclass(slots=True)
class SelfCheckResult:
    """A deployment whose pool was looked at, and the function that keeps its account's figures."""

    deployed: Deployment = field(default_factory=Deployment)
    figures: HeldFigures = field(default_factory=HeldFigures)

    def __post_init__(self) -> None:
        self.deployed.hold(SHOP, identity(), configuration_set())
        self.deployed.hints.send([DelayedHint(hint=PoolHint(pool=SHOP.ref))])
        self.deliver()

    def bounce(self, rate: float) -> None:
        at = slot_of(self.deployed.clock.at) - SLOT
        figures = Figures(sends=4_000.0, bounces=200.0, bounce_rate=rate)
        self.figures.held[VIRGINIA] = (*self.figures.held.get(VIRGINIA, ()), Slot(at=at, figures=figures))

    def run(self, *, minutes: float = 15) -> None:
        """A run after so many minutes, and its hints at the time at which they come out of the queue."""
        self.deployed.clock.pass_by(minutes=minutes)
        keeper = ReputationCollector(
            figures=self.figures,
            accounts=self.deployed.accounts,
            resources_in_use=self.deployed.ledger.resources_in_use,
            feedback=self.deployed.ledger.feedback,
            series=self.deployed.ledger.series,
            snapshots=self.deployed.ledger.snapshots,
            hints=self.deployed.hints,
            clock=self.deployed.clock,
            thresholds=self.deployed.thresholds,
            partition="aws",
            account=ACCOUNT,
        )
        for account, sets in keeper.in_use(corrupt=print).items():
            keeper.keep(account, sets)
        self.deliver()

    def deliver(self) -> None:
        waiting = tuple(self.deployed.hints.waiting)
        self.deployed.hints.waiting.clear()
        before = self.deployed.clock.at
        for delayed in waiting:
            self.deployed.clock.at = before + delayed.delay
            self.deployed.inspect(delayed.hint)
        self.deployed.clock.at = max(before, self.deployed.clock.at - timedelta(minutes=1))

    def told(self) -> list[tuple[str, str, str]]:
        told = [
            (each.record.finding.rule_id, each.record.finding.severity.label, each.record.lifecycle.state.value)
            for each in self.deployed.topic.told
        ]
        self.deployed.topic.told.clear()
        return told


def test_a_rate_that_rises_and_falls_is_told_with_each_of_its_levels_and_once() -> None:
    watched = SelfCheckResult()
    told = []

    for rate in (0.01, 0.03, 0.031, 0.06, 0.06, 0.01, 0.01):
        watched.bounce(rate)
        watched.run()
        told.append(watched.told())

    assert told == [
        [],
        [("MW703", "medium", "open")],
        [],
        [("MW703", "high", "open")],
        [],
        [("MW703", "high", "resolved")],
        [],
    ]


def test_figures_that_are_refused_for_more_than_two_hours_are_told_by_the_run_that_is_the_first_to_know() -> None:
    watched = SelfCheckResult()
    watched.bounce(0.01)
    watched.run()
    watched.figures.refusals["us-east-1"] = DENIED

    told = []
    for _ in range(10):
        watched.run()
        told.append([rule for rule, _, _ in watched.told()])
    watched.figures.refusals.clear()
    watched.run()

    assert told == [[]] * 7 + [["MW703"], [], []]
    assert [(rule, state) for rule, _, state in watched.told()] == [("MW703", "resolved")]


def test_figures_that_come_back_after_three_hours_without_a_run_are_told_at_once() -> None:
    watched = SelfCheckResult()
    watched.bounce(0.01)
    watched.run()
    watched.deployed.clock.pass_by(minutes=180)
    watched.deployed.hints.send([DelayedHint(hint=PoolHint(pool=SHOP.ref))])
    watched.deliver()
    silent = [(rule, state) for rule, _, state in watched.told()]

    watched.run()

    assert silent == [("MW703", "open")]
    assert [(rule, state) for rule, _, state in watched.told()] == [("MW703", "resolved")]


def test_a_pause_by_aws_is_told_within_the_quarter_of_an_hour() -> None:
    watched = SelfCheckResult()
    watched.run()
    paused = replace(ses_account(), enforcement=Enforcement.SHUTDOWN, sending_enabled=False)
    watched.deployed.accounts.held["us-east-1"] = paused

    watched.run()

    assert watched.told() == [("MW502", "critical", "open")]
