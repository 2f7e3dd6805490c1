"""A run of the sweep: what fails in one region, or in one figure, stops nothing else, and is raised in the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.readings import Unreadable
from mailwarden.inbound.schedule.sweep import ScheduledSweep
from mailwarden.ports.mail_path.pools import PoolPage
from tests.builders import HeldPools, pool, unread
from tests.fakes.deployment import Deployment
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.logs import KeptLog
from tests.texts import sentence

REGIONS = ("us-east-1", "ap-northeast-2", "eu-west-3")
BROKEN = "ap-northeast-2"


@dataclass(slots=True, kw_only=True)
class BrokenPools(HeldPools):
    """Pools whose listing fails in one region, in the way that is told."""

    how: Exception | Unreadable | None

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:  # type: ignore[override]
        match self.how if region == BROKEN else None:
            case Exception() as error:
                raise error
            case Unreadable() as refusal:
                return refusal
            case _:
                return HeldPools.page(self, region, after)


@dataclass(slots=True, kw_only=True)
class Uncountable(InMemoryFindings):
    """Findings that cannot be counted."""

    def open_by_severity(self) -> Mapping[Severity, int]:
        raise LookupError("the index is away")


@dataclass(slots=True)
class Run:
    """One full sweep."""

    mailwarden: Deployment
    how: Exception | Unreadable | None = None
    ages: list[float] = field(default_factory=list)
    counts: list[Mapping[Severity, int]] = field(default_factory=list)
    started: set[str] = field(default_factory=set)
    log: KeptLog = field(default_factory=KeptLog)

    def go(self) -> list[str]:
        """The errors that are raised in the end."""
        self.mailwarden.pools = BrokenPools(held=self.mailwarden.pools.held, how=self.how)
        sweep = ScheduledSweep(
            sweeper=self.mailwarden.sweeper(),
            findings=self.mailwarden.ledger.findings,
            regions=REGIONS,
            started=self.started,
            report_age=self.ages.append,
            report_open=self.counts.append,
        )
        try:
            sweep.run({"sweep": "all"}, log=self.log)
        except ExceptionGroup as failures:
            return [sentence(error) for error in failures.exceptions]
        return []


def deployment() -> Deployment:
    mailwarden = Deployment()
    mailwarden.hold(*(pool(region, pool_id=f"{region}_A") for region in REGIONS))
    return mailwarden


def swept(mailwarden: Deployment) -> set[str]:
    return {region for region in REGIONS if mailwarden.ledger.known_pools.swept_at(region) is not None}


def test_every_region_is_swept_and_reported() -> None:
    run = Run(deployment())

    assert run.go() == []
    assert swept(run.mailwarden) == run.started == set(REGIONS)
    assert (len(run.ages), len(run.counts)) == (1, 1)


@pytest.mark.parametrize(
    ("how", "raised"),
    [(RuntimeError("a fault of ours"), ["a fault of ours"]), (unread("cognito-idp:ListUserPools", BROKEN), [])],
    ids=["fails", "refuses"],
)
def test_a_region_that_fails_stops_no_other_region_and_no_figure(
    how: Exception | Unreadable, raised: list[str]
) -> None:
    run = Run(deployment(), how=how)

    assert run.go() == raised
    assert swept(run.mailwarden) == run.started == set(REGIONS) - {BROKEN}
    assert (len(run.ages), len(run.counts)) == (1, 1)
    assert [str(extra["reason"]) != "" for _, extra in run.log.lines if extra["region"] == BROKEN] == [True]


def test_a_figure_that_fails_stops_no_sweep_and_no_other_figure() -> None:
    run = Run(deployment())
    run.mailwarden.ledger.findings = Uncountable()

    assert run.go() == ["the index is away"]
    assert swept(run.mailwarden) == set(REGIONS)
    assert len(run.ages) == 1
