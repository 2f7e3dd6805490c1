"""Feedback for looks: what was read at most a minute ago is not read again, unless a look has to be fresh."""

from collections.abc import Callable

from mailwarden.adapters.aws.ttl_cache import LONGEST_FOR_READINGS, TtlCache
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback
from mailwarden.ports.reputation.feedback import Feedback


class CachedFeedback:
    """Implements ``FeedbackReadings``.

    Args:
        feedback: What reads the ledger.
        monotonic: A monotonic clock in seconds.
        seconds: The time to live; 0 caches nothing.
    """

    def __init__(
        self, feedback: Feedback, *, monotonic: Callable[[], float], seconds: float = LONGEST_FOR_READINGS
    ) -> None:
        self._feedback = feedback
        self._monotonic = monotonic
        self._accounts = TtlCache[SesAccountRef, SesFeedback](seconds=seconds, monotonic=monotonic)
        # Most sets have none: this is kept, too.
        self._sets = TtlCache[ConfigurationSetRef, tuple[RateStatus | None]](seconds=seconds, monotonic=monotonic)

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:
        """Rates, suppression and notices of an SES account; raises MalformedDocument."""
        known = None if fresh else self._accounts.get(account)
        if known is None:
            asked_at = self._monotonic()
            known = self._feedback.of(account)
            self._accounts.keep(account, known, asked_at=asked_at)
        return known

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:
        """The rates of a configuration set; raises MalformedDocument."""
        known = None if fresh else self._sets.get(configuration_set)
        if known is None:
            asked_at = self._monotonic()
            known = (self._feedback.rates(configuration_set),)
            self._sets.keep(configuration_set, known, asked_at=asked_at)
        return known[0]
