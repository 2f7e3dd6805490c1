"""Lets looks wait, one per pool at most, each with a place in our share of AWS's request rates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched, groupby

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.refs.hints import GarbledLook, PoolHint, WaitingLook
from mailwarden.domain.refs.resources import PoolRef, Subject, SubjectKind, kind_of
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.rate_shares import RateShares
from mailwarden.ports.waiting_looks import WaitingLooks
from mailwarden.service.inspection.ses_turns import EVERY_SES_CALL, ses_schedule
from mailwarden.service.monitoring.sweep import LONGEST_DELAY, POOLS_PER_SECOND

EVERY_LOOK = timedelta(seconds=1) / POOLS_PER_SECOND
# A look with a place so near begins at once; SQS delays messages by whole seconds.
_NOW = timedelta(seconds=1)
# The looks of a sweep come in the seconds that they were given, and all those of a second at once.
_BURST = timedelta(seconds=2)
# A look that is not made so long after its place may have no message: its process died, or SQS took none.
_LATE = timedelta(minutes=2)
# The looks that one invocation lets wait, at about ten milliseconds each; another message continues with the others.
MOST_IN_A_PASS = 400
# The entries of one SendMessageBatch: if a function dies between, few looks have no message.
_TOGETHER = 10
# The links that a resource of each kind decides.
_LINKS: Mapping[SubjectKind, frozenset[Link]] = {
    SubjectKind.IDENTITY: frozenset({Link.IDENTITY, Link.AUTHORIZATION}),
    SubjectKind.CONFIGURATION_SET: frozenset({Link.CONFIGURATION_SET, Link.FEEDBACK}),
    SubjectKind.SES_ACCOUNT: frozenset({Link.ACCOUNT, Link.FEEDBACK}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """Lets looks wait, and returns those that are due. A hint for a pool whose look waits already joins that look."""

    waiting: WaitingLooks
    shares: RateShares
    hints: HintQueue
    looks: Looks
    clock: Clock

    def spread(self, pools: Iterable[PoolRef], *, cause: Cause | None, anew: bool = True) -> tuple[PoolHint, ...]:
        """Look at *pools* in this order; returns the looks to begin with at once, the others wait in the queue."""
        now, asked = self.clock.now(), tuple(dict.fromkeys(pools))
        waiting = self.waiting.join(asked, cause=cause, anew=anew, now=now)
        asker = "" if cause is None else cause.event_id
        at_once: list[PoolHint] = []
        new: list[WaitingLook] = []
        for pool, due in self._places([pool for pool in asked if pool not in waiting], now):
            if due - now < _NOW:
                at_once.append(PoolHint(pool=pool, cause=cause, asks_anew=anew))
                continue
            causes = () if cause is None else cause.calls
            new.append(WaitingLook(pool=pool, wanted_at=now, due=due, causes=causes, asks_anew=anew, asker=asker))
        self._let_wait(new, now)
        self._send_again(waiting.values(), now, asker=asker)
        return tuple(at_once)

    def wait(self, pools: Iterable[PoolRef], *, cause: Cause | None, delay: timedelta = timedelta(0)) -> None:
        """Let fresh looks at *pools* wait for their places, each for *delay* longer."""
        now, asked = self.clock.now(), tuple(dict.fromkeys(pools))
        # The event's own looks have messages: only those of an earlier try of the same repair may lack them.
        asker = "" if cause is None else f"repair {cause.event_id}"
        waiting = self.waiting.join(asked, cause=cause, anew=True, now=now)
        causes = () if cause is None else cause.calls
        new = [
            WaitingLook(pool=pool, wanted_at=now, due=due + delay, causes=causes, asks_anew=True, asker=asker)
            for pool, due in self._places([pool for pool in asked if pool not in waiting], now)
        ]
        self._let_wait(new, now)
        self._send_again(waiting.values(), now, asker=asker)

    def come_at(self, pool: PoolRef, at: datetime) -> None:
        """Look at *pool* once more from *at* on. No hint joins this look: it would have to wait as long."""
        delay = min(max(at - self.clock.now(), timedelta(0)), LONGEST_DELAY)
        self.hints.send([DelayedHint(hint=PoolHint(pool=pool, asks_anew=True), delay=delay)])

    def due(self, pools: Sequence[PoolRef]) -> tuple[WaitingLook | GarbledLook, ...]:
        """The looks that wait for *pools* and are due, and those that cannot be read; others get another message."""
        now = self.clock.now()
        waiting = tuple(self.waiting.read(pools).values()) if pools else ()
        later = [look for look in waiting if isinstance(look, WaitingLook) and look.due - now >= _NOW]
        self._send(later, now)
        return tuple(look for look in waiting if look not in later)

    def put_off(self, look: WaitingLook) -> None:
        """Let a look that began wait until it is due, or join one that waits already."""
        now, cause = self.clock.now(), folded(*look.causes)
        joined = self.waiting.join([look.pool], cause=cause, anew=look.asks_anew, now=now)
        if joined:
            self._send_again(joined.values(), now, asker=look.asker)
        else:
            self._let_wait([look], now)

    def put_off_again(self, look: WaitingLook, hint: PoolHint) -> None:
        """Let a look that waited, and began, wait until it is due; *hint* may have calls that came later."""
        now = self.clock.now()
        known = {call.event_id for call in look.causes}
        new = () if hint.cause is None else tuple(call for call in hint.cause.calls if call.event_id not in known)
        told = look
        if new or (hint.asks_anew and not look.asks_anew):
            told = replace(look, wanted_at=now, causes=(*look.causes, *new), asks_anew=look.asks_anew or hint.asks_anew)
        self.waiting.postpone(told)
        if told != look and not self.waiting.join([look.pool], cause=folded(*new), anew=told.asks_anew, now=now):
            self._put(told, now)
        self._send([told], now)

    def end(self, look: WaitingLook) -> None:
        """The look was made: it waits no longer, unless a hint came since it began, which is one more look."""
        if self.waiting.end(look):
            return
        now = self.clock.now()
        ((_, due),) = self._places([look.pool], now)
        again = replace(look, due=due, attempt=0, paid=())
        self.waiting.postpone(again)
        self._send([again], now)

    def next_look(self, region: str) -> datetime:
        """The next free place for a look at a pool of a region, which is taken."""
        return self.shares.reserve(cognito_schedule(region), places=1, every=EVERY_LOOK, now=self.clock.now())

    def next_ses_call(self, region: str) -> datetime:
        """The next turn of a look in a region of SES, which is taken."""
        return self.shares.reserve(ses_schedule(region), places=1, every=EVERY_SES_CALL, now=self.clock.now())

    def needing_it_first(self, pools: Sequence[PoolRef], subject: Subject) -> tuple[PoolRef, ...]:
        """Those of *pools* that have a finding of *subject*, or whose last verdict rested on it."""
        looks, links = self.looks.last_of(pools), _LINKS.get(kind_of(subject), frozenset())
        return tuple(pool for pool in pools if pool in looks and _rests_on(looks[pool], subject, links))

    def admit(self, pools: Sequence[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* whose look no hint hurries and that has a place now; the others wait for theirs."""
        now, admitted = self.clock.now(), set()
        for pool, due in self._places(pools, now):
            if due - now < _BURST:
                admitted.add(pool)
            else:
                self.put_off(WaitingLook(pool=pool, wanted_at=now, due=due))
        return frozenset(admitted)

    def _places(self, pools: Sequence[PoolRef], now: datetime) -> Iterator[tuple[PoolRef, datetime]]:
        """The place of each pool in the schedule of its region."""
        for region, group in groupby(sorted(pools, key=lambda pool: pool.region), key=lambda pool: pool.region):
            of_region = tuple(group)
            first = self.shares.reserve(cognito_schedule(region), places=len(of_region), every=EVERY_LOOK, now=now)
            for place, pool in enumerate(of_region):
                yield pool, first + place * EVERY_LOOK

    def _let_wait(self, looks: Sequence[WaitingLook], now: datetime) -> None:
        """Let looks wait and send their messages; one that another process let wait meanwhile covers its hint."""
        for some in batched(looks, _TOGETHER, strict=False):
            self._send([look for look in some if self._put(look, now)], now)

    def _put(self, look: WaitingLook, now: datetime) -> bool:
        """Whether the look waits by itself, and needs its message."""
        cause = folded(*look.causes)
        while not self.waiting.put(look, now=now):
            if self.waiting.join([look.pool], cause=cause, anew=look.asks_anew, now=now):
                return False
            if isinstance(self.waiting.read([look.pool]).get(look.pool), GarbledLook):
                # The unreadable item stays as it is, and this look waits in its message alone.
                hint = PoolHint(pool=look.pool, cause=cause, attempt=look.attempt, asks_anew=look.asks_anew)
                self.hints.send([DelayedHint(hint=hint, delay=_delay(look, now))])
                return False
        return True

    def _send_again(self, looks: Iterable[WaitingLook], now: datetime, *, asker: str) -> None:
        """Send the messages that may be missing, of looks as they were before a hint joined them.

        The event that let them wait was delivered again, or it is long since they were due. A message too many is no
        look.
        """
        self._send([look for look in looks if (asker and look.asker == asker) or now - look.due > _LATE], now)

    def _send(self, looks: Sequence[WaitingLook], now: datetime) -> None:
        self.hints.send(
            [DelayedHint(hint=PoolHint(pool=look.pool, waits=True), delay=_delay(look, now)) for look in looks]
        )


def _delay(look: WaitingLook, now: datetime) -> timedelta:
    return min(max(look.due - now, timedelta(0)), LONGEST_DELAY)


def cognito_schedule(region: str) -> str:
    """The schedule of the looks at the pools of a region."""
    return f"cognito-idp {region}"


def _rests_on(look: LookRecord, subject: Subject, links: frozenset[Link]) -> bool:
    if any(key.subject_arn == subject.arn for key in look.findings):
        return True
    return look.answer is not Answer.YES and look.deciding in links
