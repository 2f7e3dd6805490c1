"""Runs over every account in use, with what they read, keep, hint and log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.inbound.schedule.reputation import ScheduledReputation
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter
from tests.builders import ACCOUNT, NOON, HeldAccounts
from tests.fakes.examples import a_look
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.reputation import HeldFigures, HeldLists, PassingTime, Rated
from tests.unit.reputation.story import IRELAND, MAIL, VIRGINIA

ALL = {"reputation": "all"}
QUARTER = timedelta(minutes=15)
LIMITS = Thresholds()
DENIED = Unreadable(action="cloudwatch:GetMetricData", region="us-east-1", reason="AccessDenied")


@dataclass(slots=True)
class HeldLog:
    """What was logged, by event and region."""

    entries: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)

    def info(self, event: str, /, *, extra: Mapping[str, object]) -> None:
        self.entries.append((event, str(extra["region"]), extra))

    error = info
    exception = info

    def told(self) -> list[tuple[str, str]]:
        return [(event, region) for event, region, _ in self.entries]


@dataclass(slots=True)
class Runs:
    """Runs over the accounts that looks use: Virginia with a set, and Ireland."""

    time: PassingTime = field(default_factory=PassingTime)
    figures: HeldFigures = field(default_factory=HeldFigures)
    accounts: HeldAccounts = field(default_factory=HeldAccounts)
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    log: HeldLog = field(default_factory=HeldLog)
    ages: list[float] = field(default_factory=list)
    lists: HeldLists = field(init=False)

    def __post_init__(self) -> None:
        self.lists = HeldLists(time=self.time)
        self.use(VIRGINIA, MAIL, IRELAND)

    def use(self, *subjects: SesAccountRef | ConfigurationSetRef) -> None:
        self.ledger.looks.put(a_look(at=self.time.at, uses=tuple(subject.arn for subject in subjects)))

    def scheduled(self) -> ScheduledReputation:
        return ScheduledReputation(
            keeper=ReputationCollector(
                figures=self.figures,
                accounts=self.accounts,
                resources_in_use=self.ledger.resources_in_use,
                feedback=self.ledger.feedback,
                series=self.ledger.series,
                snapshots=self.ledger.snapshots,
                hints=self.hints,
                clock=self.time,
                thresholds=LIMITS,
                partition="aws",
                account=ACCOUNT,
            ),
            counter=SuppressionCounter(
                lists=self.lists,
                counts=self.ledger.counts,
                turns=self.ledger.turns,
                hints=self.hints,
                clock=self.time,
                sleep=self.time.sleep,
                monotonic=self.time.monotonic,
                least_suppressed=LIMITS.least_suppressed,
            ),
            monotonic=self.time.monotonic,
            budget=timedelta(seconds=240),
            report_age=self.ages.append,
        )

    def run(self) -> float:
        """A run; the age that it reports."""
        self.scheduled().run(ALL, log=self.log)
        return self.ages[-1]

    def bounce(self, rate: float, *, subject: Rated = VIRGINIA) -> None:
        figures = Figures(sends=4_000.0, bounces=100.0, bounce_rate=rate)
        self.figures.held[subject] = (Slot(at=NOON - QUARTER, figures=figures),)

    def rates(self, subject: SesAccountRef = VIRGINIA) -> RateStatus:
        rate_status = self.ledger.feedback.of(subject).rates
        assert rate_status is not None
        return rate_status
