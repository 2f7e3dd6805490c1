"""Counts of the deliveries that Cognito reported as failed."""

from datetime import timedelta
from typing import Protocol

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import PoolRef


class DeliveryFailureCounts(Protocol):
    """Keeps one count for each pool."""

    def of(self, pool: PoolRef) -> DeliveryFailures | None:
        """The deliveries that Cognito reported as failed, if there are any that were not forgotten yet."""
        ...

    def add(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        """Add failures to those that are known, or begin again if there were none for as long as *quiet*."""
        ...
