"""Feedback for looks: kept for a minute, and never where a look has to be fresh."""

from dataclasses import dataclass, field

from mailwarden.adapters.ledger.reputation.feedback_readings import CachedFeedback
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback, SuppressionGrowth
from tests.fakes.examples import OREGON_ACCOUNT

SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=OREGON_ACCOUNT.account, name="mail")


@dataclass(slots=True, kw_only=True)
class Counted:
    """Says something else each time it is asked."""

    asked: list[SesAccountRef | ConfigurationSetRef] = field(default_factory=list)

    def of(self, account: SesAccountRef) -> SesFeedback:
        self.asked.append(account)
        return SesFeedback(suppression=SuppressionGrowth(counted_to=None, total={"BOUNCE": len(self.asked)}))

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        self.asked.append(subject)
        return None

    def put_rates(self, rate_status: RateStatus) -> None:
        raise AssertionError(rate_status)


@dataclass(slots=True)
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_was_read_is_kept_for_a_minute() -> None:
    counted, seconds = Counted(), Seconds()
    readings = CachedFeedback(counted, monotonic=seconds)
    first = readings.of(OREGON_ACCOUNT, fresh=False)
    seconds.now = 59.9
    again = readings.of(OREGON_ACCOUNT, fresh=False)
    seconds.now = 60.0

    later = readings.of(OREGON_ACCOUNT, fresh=False)

    assert again == first
    assert later != first
    assert counted.asked == [OREGON_ACCOUNT] * 2


def test_that_a_set_has_no_rates_is_kept_too() -> None:
    counted = Counted()
    readings = CachedFeedback(counted, monotonic=Seconds())

    assert [readings.rates(SET, fresh=False) for _ in range(3)] == [None] * 3
    assert counted.asked == [SET]


def test_a_fresh_look_reads_and_keeps_what_it_read() -> None:
    counted = Counted()
    readings = CachedFeedback(counted, monotonic=Seconds())
    kept = readings.of(OREGON_ACCOUNT, fresh=False)

    fresh = readings.of(OREGON_ACCOUNT, fresh=True)
    readings.rates(SET, fresh=True)
    readings.rates(SET, fresh=True)

    assert fresh != kept
    assert readings.of(OREGON_ACCOUNT, fresh=False) == fresh
    assert counted.asked == [OREGON_ACCOUNT, OREGON_ACCOUNT, SET, SET]


def test_nothing_is_kept_for_a_repair() -> None:
    counted = Counted()
    readings = CachedFeedback(counted, seconds=0, monotonic=Seconds())

    assert readings.of(OREGON_ACCOUNT, fresh=False) != readings.of(OREGON_ACCOUNT, fresh=False)
