"""Asks SES about what is not shared at a third of its rate of one call a second for each action and region."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.message import ExplainedError, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.rate_shares import RateShares

# SES quotas page: one request a second for each action but those that send; a guest takes a third of it.
EVERY_SES_CALL = timedelta(seconds=3)
_NOW = timedelta(milliseconds=500)


class NotYourTurn(ExplainedError):
    """A look needs a call of SES that has a place later; the look is made again then."""

    def __init__(self, region: str, turn: datetime) -> None:
        """Keep the region of SES and the time."""
        super().__init__(message("ses.turn", region=region, turn=turn.isoformat()))
        self.region = region
        self.turn = turn


@dataclass(slots=True, kw_only=True)
class SesTurns:
    """The turns of one look: one in each region serves every call of the look, for each action has a rate of its own.

    ``paid`` holds the regions in which the look waited for its turn already.
    """

    shares: RateShares
    clock: Clock
    paid: set[str] = field(default_factory=set)

    def wait_for(self, region: str) -> None:
        """Take the turn of this look in a region; raises NotYourTurn."""
        if region in self.paid:
            return
        now = self.clock.now()
        turn = self.shares.reserve(ses_schedule(region), places=1, every=EVERY_SES_CALL, now=now)
        if turn - now > _NOW:
            raise NotYourTurn(region, turn)
        self.paid.add(region)


def ses_schedule(region: str) -> str:
    """The schedule of the SES calls of a region."""
    return f"ses {region}"
