"""Runs the schedule of ``reputation``: metrics of all regions, then suppression lists while time is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.inbound.sqs.batch import Log
from mailwarden.queue_messages.codec import MalformedMessage
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter

_ALL = {"reputation": "all"}
# So that the alarm covers an account whose metrics could never be read.
_NEVER_READ = timedelta(days=1)
# Metrics come first and use at most this share of the time; the lists get the rest.
_FOR_FIGURES = 0.75


@dataclass(slots=True, kw_only=True)
class ScheduledReputation:
    """One run over everything in use; ``budget`` is the time it may take, on the clock ``monotonic`` in seconds."""

    keeper: ReputationCollector
    counter: SuppressionCounter
    monotonic: Callable[[], float]
    budget: timedelta
    _in_use: Mapping[SesAccountRef, tuple[ConfigurationSetRef, ...]] = field(default_factory=dict)
    _failures: list[Exception] = field(default_factory=list)

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Store metrics and count lists; raises MalformedMessage for any other event.

        A failing region does not stop the others; ``raise_failures`` raises the failures.
        """
        if event != _ALL:
            raise MalformedMessage(f"the event is not {_ALL}: its members are {', '.join(sorted(event)) or 'none'}")
        begun = self.monotonic()
        until = begun + self.budget.total_seconds()
        figures_until = begun + self.budget.total_seconds() * _FOR_FIGURES
        self._in_use = self.keeper.in_use(corrupt=lambda error: _tell(log, "an entry in use", str(error)))
        for account, sets in self._in_use.items():
            if self.monotonic() >= figures_until:
                log.error("no time left for figures", extra={"region": account.region})
                continue
            self._keep(account, sets, log)
        for counted in self.counter.count(self._in_use, until=until):
            if counted.garbled is not None:
                _tell(log, counted.account.region, counted.garbled)
            if counted.error is not None:
                self._failures.append(counted.error)
                log.error(
                    "suppressed not counted", extra={"region": counted.account.region, "reason": str(counted.error)}
                )
                continue
            log.info(
                "counted suppressed",
                extra={
                    "region": counted.account.region,
                    "calls": counted.calls,
                    "outcome": counted.outcome,
                    "added_today": counted.added_today,
                    "on_the_list": counted.on_the_list,
                    "hinted": counted.hinted,
                },
            )

    def age_seconds(self) -> float:
        """The age of the oldest metrics of an account in use; one day for an account that could never be read."""
        age = self.keeper.age(self._in_use)
        return (_NEVER_READ if age is None else age).total_seconds()

    def raise_failures(self) -> None:
        """Raise an ExceptionGroup of the unexpected failures, if any, so that the alarm goes off.

        The next run tries again.
        """
        if self._failures:
            raise ExceptionGroup("figures or suppression lists of some regions failed", self._failures)

    def _keep(self, account: SesAccountRef, sets: tuple[ConfigurationSetRef, ...], log: Log) -> None:
        try:
            kept = self.keeper.keep(account, sets)
        except Exception as error:
            self._failures.append(error)
            log.exception("figures not kept", extra={"region": account.region})
            return
        for reason in kept.garbled:
            _tell(log, account.region, reason)
        log.info(
            "figures kept",
            extra={
                "region": account.region,
                "configuration_sets": kept.sets,
                "figures": kept.figures,
                "account": kept.state,
                "slots_put": kept.slots_put,
                "hinted": list(kept.hinted),
            },
        )


def _tell(log: Log, region: str, reason: str) -> None:
    """Log corrupt ledger items; they do not stop the run."""
    log.error("the ledger holds what cannot be read", extra={"region": region, "reason": reason})
