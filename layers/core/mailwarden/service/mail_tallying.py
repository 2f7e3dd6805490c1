"""Counts what did not arrive of the pools' mail, each event once, and has a pool looked at when that is much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.feedback import counted_since
from mailwarden.domain.hints import PoolHint
from mailwarden.domain.mail_events import CountedEvent, MailEvent, packed
from mailwarden.domain.subjects import PoolRef
from mailwarden.domain.thresholds import Thresholds
from mailwarden.ports import Clock, DelayedHint, HintQueue
from mailwarden.ports.feedback import MOST_WRITES_AT_ONCE, MailLedger
from mailwarden.service.attributing import Attribution, Owners

# As with failed deliveries: a pool in trouble is looked at, but not for each of its mails.
_TURN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTally:
    """Writes counts and hints. What it may raise lets the messages come again: nothing is counted twice."""

    ledger: MailLedger
    hints: HintQueue
    clock: Clock
    thresholds: Thresholds

    def attribution(self) -> Attribution:
        """Whose mail the events of one batch are about."""
        return Attribution(ledger=self.ledger)

    def groups_of(self, events: Iterable[tuple[MailEvent, Owners]]) -> Iterator[tuple[CountedEvent, ...]]:
        """Events that somebody owns, in groups that are counted at once; each event may be there once."""
        # A day that has not begun is a mistake of somebody's clock, and would be counted for ever.
        today = self.clock.now().date()
        counted = (
            CountedEvent(key=event.key, outcome=event.outcome, day=min(event.day, today), subjects=owners.subjects)
            for event, owners in events
            if owners.subjects
        )
        return packed(counted, most=MOST_WRITES_AT_ONCE)

    def count(self, group: Sequence[CountedEvent]) -> int:
        """Count a group; how many of its events were not counted before."""
        return len(self.ledger.count_mail(group, now=self.clock.now()))

    def have_looked_at(self, pool: PoolRef) -> bool:
        """Ask for a look at a pool if enough of its mail came back, now and then; whether it was asked for.

        Also where all events of a batch were known: the function may have died between counting and asking.
        """
        now = self.clock.now()
        mail = self.ledger.mail_counts(pool, since=counted_since(now))
        bounced = mail.hard_bounces >= self.thresholds.least_bounces
        complained = mail.complaints >= self.thresholds.least_complaints
        if not (bounced or complained) or not self.ledger.take_turn(pool, now=now, every=_TURN):
            return False
        self.hints.send([DelayedHint(hint=PoolHint(pool=pool, asks_anew=True))])
        return True
