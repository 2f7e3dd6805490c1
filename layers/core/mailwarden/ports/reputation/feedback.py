"""Rates, suppression and notices of SES accounts and configuration sets."""

from typing import Protocol

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback


class Feedback(Protocol):
    """Keeps rates, and knows everything that came back through an account.

    What the ledger holds and cannot be read is raised as MalformedDocument.
    """

    def of(self, account: SesAccountRef) -> SesFeedback:
        """Rates, suppression and notices of an SES account."""
        ...

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        """The rates of an account or a configuration set, if they were ever read."""
        ...

    def put_rates(self, rate_status: RateStatus) -> None:
        """Keep the rates of an account or a set."""
        ...


class FeedbackReadings(Protocol):
    """Reads feedback for looks; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:
        """Rates, suppression and notices of an SES account."""
        ...

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:
        """The rates of a configuration set, if they were ever read."""
        ...
