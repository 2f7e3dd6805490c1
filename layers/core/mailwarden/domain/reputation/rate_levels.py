"""How close a bounce or complaint rate is to what makes AWS act, and how it comes down again."""

from dataclasses import dataclass
from enum import IntEnum

# A rate that hovers around a step would open and close its finding all day: it has to come down by a tenth.
_CLEARLY_BELOW = 0.9


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
        """As documents hold it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSteps:
    """The fractions from which on a rate has each level; each is greater than the one before."""

    elevated: float
    high: float
    review: float
    pause: float

    def of(self, rate: float) -> RateLevel:
        """The level that a rate has by itself."""
        steps = ((self.pause, RateLevel.PAUSE), (self.review, RateLevel.REVIEW), (self.high, RateLevel.HIGH))
        for step, level in steps:
            if rate >= step:
                return level
        return RateLevel.ELEVATED if rate >= self.elevated else RateLevel.NORMAL

    def after(self, previous: RateLevel, rate: float) -> RateLevel:
        """The level that a rate has after *previous*: up at once, down only when it is clearly below the step."""
        return max(self.of(rate), min(previous, self.of(rate / _CLEARLY_BELOW)))

    def from_which(self, level: RateLevel) -> float:
        """The fraction from which on a rate has *level*."""
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
