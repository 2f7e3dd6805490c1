"""The levels of a bounce or complaint rate up to AWS's thresholds, with hysteresis."""

from dataclasses import dataclass
from enum import IntEnum

# A rate that hovers around a threshold would open and resolve its finding all day: it has to fall by a tenth.
_CLEARLY_BELOW = 0.9
# The same for the numbers that a rate rests on, which vary more.
_STILL_ENOUGH = 0.8


class RateLevel(IntEnum):
    """The steps of a rate; from ``REVIEW`` on they are AWS's own (SES guide, "Enforcement FAQs")."""

    NORMAL = 0
    ELEVATED = 1
    """More than usual: worth a look."""
    HIGH = 2
    """Close to the level at which AWS reviews the account."""
    REVIEW = 3
    """AWS may place the account under review."""
    PAUSE = 4
    """AWS may pause the account's sending."""

    @property
    def label(self) -> str:
        """The name in documents."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSteps:
    """The threshold of each level, as a fraction; each is greater than the one before."""

    elevated: float
    high: float
    review: float
    pause: float

    def of(self, rate: float) -> RateLevel:
        """The level of a rate, without hysteresis."""
        steps = ((self.pause, RateLevel.PAUSE), (self.review, RateLevel.REVIEW), (self.high, RateLevel.HIGH))
        for step, level in steps:
            if rate >= step:
                return level
        return RateLevel.ELEVATED if rate >= self.elevated else RateLevel.NORMAL

    def after(self, previous: RateLevel, rate: float) -> RateLevel:
        """The level of a rate after *previous*: up at once, down only when it is clearly below the threshold."""
        return max(self.of(rate), min(previous, self.of(rate / _CLEARLY_BELOW)))

    def from_which(self, level: RateLevel) -> float:
        """The threshold of *level*."""
        match level:
            case RateLevel.NORMAL:
                return 0.0
            case RateLevel.ELEVATED:
                return self.elevated
            case RateLevel.HIGH:
                return self.high
            case RateLevel.REVIEW:
                return self.review
            case RateLevel.PAUSE:
                return self.pause


def is_enough(previous: RateLevel, number: float | None, least: int) -> bool:
    """Whether the number is enough for a level after *previous*; with hysteresis, so that a finding does not flap."""
    return number is not None and number >= (least if previous is RateLevel.NORMAL else _STILL_ENOUGH * least)
