"""Runs the schedule of ``reputation``: metrics of all regions, then suppression lists while time is left."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.inbound.sqs.batch import Log
from mailwarden.message import message
from mailwarden.queue_messages.codec import MalformedMessage
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter

_ALL = {"reputation": "all"}
# So that the alarm covers an account whose metrics could never be read.
_NEVER_READ = timedelta(days=1)
# Metrics come first and use at most this share of the time; the lists get the rest.
_FOR_FIGURES = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledReputation:
    """One run over everything in use; ``budget`` is the time it may take, on the clock ``monotonic`` in seconds.

    ``report_age`` receives the age of the oldest figures of an account in use, in seconds; a day if an account's
    figures were never read.
    """

    keeper: ReputationCollector
    counter: SuppressionCounter
    monotonic: Callable[[], float]
    budget: timedelta
    report_age: Callable[[float], object]

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Store metrics and count lists; raises MalformedMessage for any other event.

        A failing region does not stop the others: an ExceptionGroup of the failures is raised at the end, so that the
        alarm goes off. The next run tries again.
        """
        if event != _ALL:
            raise MalformedMessage(message("event.other-schedule", members=tuple(sorted(event))))
        begun, seconds = self.monotonic(), self.budget.total_seconds()
        in_use = self.keeper.in_use(corrupt=lambda error: _tell(log, "an entry in use", str(error)))
        failures = [
            *self._keep_all(in_use, until=begun + seconds * _FOR_FIGURES, log=log),
            *self._count_all(in_use, until=begun + seconds, log=log),
        ]
        age = self.keeper.age(in_use)
        self.report_age((_NEVER_READ if age is None else age).total_seconds())
        if failures:
            raise ExceptionGroup("reputation", failures)

    def _keep_all(
        self, in_use: Mapping[SesAccountRef, tuple[ConfigurationSetRef, ...]], *, until: float, log: Log
    ) -> Iterator[Exception]:
        for account, sets in in_use.items():
            if self.monotonic() >= until:
                log.error("no time left for figures", extra={"region": account.region})
                continue
            try:
                kept = self.keeper.keep(account, sets)
            except Exception as error:
                log.exception("figures not kept", extra={"region": account.region})
                yield error
                continue
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

    def _count_all(self, accounts: Iterable[SesAccountRef], *, until: float, log: Log) -> Iterator[Exception]:
        for counted in self.counter.count(accounts, until=until):
            region = counted.account.region
            if counted.garbled is not None:
                _tell(log, region, counted.garbled)
            if counted.error is not None:
                log.error("suppressed not counted", extra={"region": region, "reason": str(counted.error)})
                yield counted.error
                continue
            log.info(
                "counted suppressed",
                extra={
                    "region": region,
                    "calls": counted.calls,
                    "outcome": counted.outcome,
                    "added_today": counted.added_today,
                    "on_the_list": counted.on_the_list,
                    "hinted": counted.hinted,
                },
            )


def _tell(log: Log, region: str, reason: str) -> None:
    """Log corrupt ledger items; they do not stop the run."""
    log.error("the ledger holds what cannot be read", extra={"region": region, "reason": reason})
