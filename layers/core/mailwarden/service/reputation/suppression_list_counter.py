"""Counts suppression lists page by page, at a low rate, until its time is up; the next run continues."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.hints import SesAccountHint
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import (
    GrowthPass,
    Pass,
    RecountPass,
    SuppressedPage,
    SuppressionCount,
    after_page,
    after_refusal,
    after_rejection,
    pass_due,
    told_by_now,
)
from mailwarden.domain.reputation.suppression_growth import GROWTH_STANDS_FOR
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.reputation.suppression_lists import SuppressionCounts, SuppressionLists, TokenRejected
from mailwarden.ports.turns import Turns
from mailwarden.service.reputation.collector import AFTER_THE_WRITE

# A third of SES's quota of one request a second for each action but sending (SES guide, "Service quotas").
PACE = timedelta(seconds=3)
_TURN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The result of one run for one account's list: the number of calls, and its state in a word.

    ``added_today`` and ``on_the_list`` are the current counts, None before the first count. ``error`` is an unexpected
    failure; everything counted before it is stored. ``garbled`` is the reason why the stored count was corrupt and
    discarded.
    """

    account: SesAccountRef
    calls: int
    outcome: str
    added_today: int | None = None
    on_the_list: int | None = None
    hinted: bool = False
    error: Exception | None = None
    garbled: str | None = None


@dataclass(slots=True, kw_only=True)
class _Turn:
    """One account's part in a run. ``outcome`` is empty while it runs."""

    account: SesAccountRef
    count: SuppressionCount | None = None
    due: Pass | None = None
    next_at: float = float("-inf")
    calls: int = 0
    rejected: set[type[Pass]] = field(default_factory=set)
    hinted: bool = False
    outcome: str = ""
    error: Exception | None = None
    garbled: str | None = None

    def counted(self, today: date) -> Counted:
        """The result."""
        known = None if self.count is None else self.count.known
        return Counted(
            account=self.account,
            calls=self.calls,
            outcome=self.outcome or "goes on with the next run",
            added_today=None if known is None or known.counted_to is None else known.added_on(today),
            on_the_list=None if known is None or known.total is None else sum(known.total.values()),
            hinted=self.hinted,
            error=self.error,
            garbled=self.garbled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionCounter:
    """Counts the lists of several accounts; ``sleep`` waits for seconds, ``monotonic`` is a clock in seconds.

    ``least_suppressed`` is the threshold of MW705.
    """

    lists: SuppressionLists
    counts: SuppressionCounts
    turns: Turns
    hints: HintQueue
    clock: Clock
    sleep: Callable[[float], None]
    monotonic: Callable[[], float]
    least_suppressed: int

    def count(self, accounts: Iterable[SesAccountRef], *, until: float) -> Iterator[Counted]:
        """Count until *until* on the monotonic clock at the latest; yields each account's result, or its failure.

        The account with the earliest allowed call comes next, so that all get the same number of calls and none waits
        for another's rate limit.
        """
        turns = [_Turn(account=account) for account in accounts]
        while turns:
            turn = min(turns, key=lambda each: each.next_at)
            now = self.monotonic()
            if max(now, turn.next_at) >= until:
                break
            if turn.next_at > now:
                self.sleep(turn.next_at - now)
            try:
                self._step(turn)
            except Exception as error:  # noqa: BLE001 - reported, and raised after the other accounts
                turn.error, turn.outcome = error, f"failed: {type(error).__name__}"
            if turn.outcome:
                turns.remove(turn)
                yield turn.counted(self.clock.now().date())
        yield from (turn.counted(self.clock.now().date()) for turn in turns)

    def _step(self, turn: _Turn) -> None:
        """Request one page and store its effect; the first step may find that nothing is due."""
        count = turn.count
        if count is None:
            count = self._known(turn) or SuppressionCount(account=turn.account)
            self._go_on(turn, count)
        if turn.due is None:
            return
        turn.calls += 1
        turn.next_at = self.monotonic() + PACE.total_seconds()
        match self._page(turn.account, turn.due):
            case SuppressedPage() as page:
                if page.after is None:
                    turn.rejected.discard(type(turn.due))
                self._keep(turn, count, self._told(turn, count, after_page(count, turn.due, page)))
            case TokenRejected():
                if type(turn.due) in turn.rejected:
                    turn.outcome = "SES rejects its own tokens"
                turn.rejected.add(type(turn.due))
                self._keep(turn, count, after_rejection(count, turn.due, now=self.clock.now()))
            case Unreadable() as refusal:
                self._stop(turn, count, refusal)

    def _known(self, turn: _Turn) -> SuppressionCount | None:
        """The stored count; a corrupt one is discarded, otherwise the list would never be counted again."""
        try:
            return self.counts.read(turn.account)
        except MalformedDocument as error:
            self.counts.forget(turn.account)
            turn.garbled = str(error)
            return None

    def _page(self, account: SesAccountRef, under_way: Pass) -> SuppressedPage | TokenRejected | Unreadable:
        match under_way:
            case GrowthPass(since=since, to=to, after=after):
                return self.lists.page(account, since=since, to=to, after=after)
            case RecountPass(after=after):
                return self.lists.page(account, since=None, to=None, after=after)

    def _told(self, turn: _Turn, before: SuppressionCount, count: SuppressionCount) -> SuppressionCount:
        """*count*, after hints for the pools if MW705's result changes; at most once an hour.

        An outdated count has no result: the days are counted one by one.
        """
        counted_to, now = count.known.counted_to, self.clock.now()
        if counted_to is None or counted_to == before.known.counted_to or now - counted_to > GROWTH_STANDS_FOR:
            return count
        told = told_by_now(count, least=self.least_suppressed, today=now.date())
        if told == count.told or not self.turns.try_acquire(turn.account, now=now, every=_TURN):
            return count
        self.hints.send([DelayedHint(hint=SesAccountHint(account=turn.account, asks_anew=True), delay=AFTER_THE_WRITE)])
        turn.hinted = True
        return replace(count, told=told)

    def _stop(self, turn: _Turn, count: SuppressionCount, refusal: Unreadable) -> None:
        if count.known.refused != refusal.message:
            self._keep(turn, count, after_refusal(count, because=refusal.message))
        turn.outcome = turn.outcome or str(refusal)

    def _keep(self, turn: _Turn, before: SuppressionCount, count: SuppressionCount) -> None:
        if self.counts.put(count, replaces=before.revision or None):
            self._go_on(turn, count)
        else:
            turn.outcome = "another run is counting"

    def _go_on(self, turn: _Turn, count: SuppressionCount) -> None:
        turn.count = count
        turn.due = pass_due(count, now=self.clock.now(), rejected=turn.rejected)
        if turn.due is None:
            turn.outcome = "up to date"
