"""Compares, writes, and looks again: one attempt is all three, and no retry repeats a write without a new comparison.

Neither Cognito, SES nor IAM has a conditional write, so the window from the comparison to the write stays short and
measured. The clients used here do not repeat calls by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import AwsError, message_of
from mailwarden.adapters.aws.write_answers import WriteAnswer, write_answer
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, message, verbatim
from mailwarden.ports.clock import Clock

# A write ends within this time, pauses and the clients' timeouts included; the function has 60 seconds.
_LONGEST = 48.0
_AGAIN = frozenset({WriteAnswer.NOT_DONE, WriteAnswer.MAYBE_DONE})
# Seconds between the attempts of a read.
_READ_PAUSES = (0.3, 1.1, 2.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTime:
    """The clocks of a writer; ``monotonic`` is in seconds, and ``sleep`` waits for seconds."""

    clock: Clock
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]

    def begin(self) -> "Deadline":
        """Start the time that one write has."""
        return Deadline(time=self, until=self.monotonic() + _LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time on both clocks: the one dates it, the other measures from it."""

    at: datetime
    monotonic: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The end of the time of one write."""

    time: WriteTime
    until: float

    def allows(self, seconds: float) -> bool:
        """Whether that many seconds are left."""
        return self.time.monotonic() + seconds <= self.until

    def moment(self) -> Moment:
        """The current time."""
        return Moment(at=self.time.clock.now(), monotonic=self.time.monotonic())

    def window(self, resource: str, since: Moment) -> WriteWindow:
        """The window from *since* until now."""
        length = timedelta(seconds=self.time.monotonic() - since.monotonic)
        return WriteWindow(resource=resource, compared_at=since.at, written_at=since.at + length)

    def read[R](self, read: Callable[[], R], *, longest: float) -> R:
        """Read, up to four times while AWS is busy or does not answer; ``longest`` is the longest time of one read."""
        for pause in _READ_PAUSES:
            try:
                return read()
            except (ClientError, BotoCoreError) as error:
                if write_answer(error) not in _AGAIN or not self.allows(pause + longest):
                    raise
            self.time.sleep(pause)
        return read()

    def read_until[R](
        self, read: Callable[[], R], is_seen: Callable[[R], bool], *, pauses: tuple[float, ...], longest: float
    ) -> R:
        """Read until the write is seen, or after the last pause."""
        found = self.read(read, longest=longest)
        for pause in pauses:
            if is_seen(found) or not self.allows(pause + longest):
                break
            self.time.sleep(pause)
            found = self.read(read, longest=longest)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken[L]:
    """The write is in effect; ``over`` is the look just before the write."""

    over: L
    window: WriteWindow


def look_before[L](
    read: Callable[[], L], *, action: str, moved: Callable[[AwsError], Drifted]
) -> L | Drifted | Refused:
    """A look before a write, or the reason not to write that its refusal is. Raises every other error.

    ``moved`` is the reason if the resource is gone.
    """
    try:
        return read()
    except (ClientError, BotoCoreError) as error:
        match write_answer(error):
            case WriteAnswer.MOVED:
                return moved(error)
            case WriteAnswer.REFUSED:
                return Refused(reason=message("write.read-refused", action=action, error=message_of(error)))
            case _:
                raise


type Stopped = Drifted | Refused | SideEffect | Unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared[L]:
    """The last look before an attempt, which still matched ``before``, and when it began."""

    look: L
    since: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedWrite[L]:
    """One write of one resource.

    ``look`` reads, and returns a reason not to write in place of a look; ``drift`` names how a look differs from
    ``before``, and ``is_written`` whether it shows ``after``. ``send`` makes the one mutating call. ``refused`` and
    ``moved`` word an answer of AWS. ``longest`` is the longest time of one attempt, ``reserve`` is what the look after
    the write needs, in seconds.
    """

    resource: str
    deadline: Deadline
    look: Callable[[], L | Drifted | Refused]
    drift: Callable[[L], Message | None]
    is_written: Callable[[L], bool]
    send: Callable[[], object]
    refused: Callable[[AwsError], Refused]
    moved: Callable[[AwsError], Drifted]
    pauses: tuple[float, ...]
    longest: float
    reserve: float
    describe: Callable[[AwsError], Message] = field(default=lambda error: verbatim(message_of(error)))

    def carry_out(self) -> Taken[L] | Stopped:
        """Make up to four attempts. Raises the last error if AWS certainly wrote nothing."""
        lost: _Compared[L] | None = None
        error: AwsError | None = None
        for pause in (0.0, *self.pauses):
            if error is not None and not self.deadline.allows(pause + self.longest + self.reserve):
                break
            self.deadline.time.sleep(pause)
            try:
                compared = self._compare(lost)
                if not isinstance(compared, _Compared):
                    return compared
            except (ClientError, BotoCoreError) as failed:
                error = self._again(failed, lost)
                continue
            try:
                self.send()
            except (ClientError, BotoCoreError) as failed:
                stopped = self._stopped(failed, lost)
                if stopped is not None:
                    return stopped
                error = failed
                if write_answer(failed) is WriteAnswer.MAYBE_DONE:
                    lost = lost or compared
                continue
            since = compared if lost is None else lost
            return Taken(over=compared.look, window=self.deadline.window(self.resource, since.since))
        if lost is None and error is not None:
            raise error
        return self._look_for(lost, error)

    def _compare(self, lost: _Compared[L] | None) -> _Compared[L] | Taken[L] | Stopped:
        since = self.deadline.moment()
        look = self.look()
        if isinstance(look, Drifted | Refused):
            return look if lost is None else self._after_lost(look, lost)
        if lost is not None and self.is_written(look):
            return Taken(over=lost.look, window=self.deadline.window(self.resource, lost.since))
        moved = self.drift(look)
        if moved is None:
            return _Compared(look=look, since=since)
        return Drifted(reason=moved) if lost is None else self._unclear(moved, lost)

    def _after_lost(self, look: Drifted | Refused, lost: _Compared[L]) -> Unconfirmed | SideEffect:
        """The result if the look after a lost response shows neither state. If it was refused, a later look decides."""
        if isinstance(look, Drifted):
            return self._unclear(look.reason, lost)
        reason = message("write.no-response", reason=look.reason)
        return Unconfirmed(reason=reason, window=self.deadline.window(self.resource, lost.since))

    def _again(self, error: AwsError, lost: _Compared[L] | None) -> AwsError:
        """The error of a comparison: nothing was sent, and another attempt may be made."""
        if lost is None and write_answer(error) not in _AGAIN:
            raise error
        return error

    def _stopped(self, error: AwsError, lost: _Compared[L] | None) -> Stopped | None:
        """The outcome that an answer means; None if another attempt may be made, or only a look can decide."""
        answer = write_answer(error)
        if answer in _AGAIN or lost is not None:
            return None
        match answer:
            case WriteAnswer.MOVED:
                return self.moved(error)
            case WriteAnswer.NOT_SENT:
                raise error
            case _:
                return self.refused(error)

    def _look_for(self, lost: _Compared[L] | None, error: AwsError | None) -> Taken[L] | Stopped:
        """Look for a write whose response was lost, once more."""
        if lost is None or error is None:
            raise AssertionError("an attempt ended without a result")
        if self.deadline.allows(self.pauses[-1] + self.longest):
            self.deadline.time.sleep(self.pauses[-1])
        try:
            compared = self._compare(lost)
        except (ClientError, BotoCoreError) as failed:
            return self._unknown(failed, lost)
        return self._unknown(error, lost) if isinstance(compared, _Compared) else compared

    def _unknown(self, error: AwsError, lost: _Compared[L]) -> Unconfirmed:
        reason = message("write.no-response", reason=self.describe(error))
        return Unconfirmed(reason=reason, window=self.deadline.window(self.resource, lost.since))

    def _unclear(self, reason: Message, lost: _Compared[L]) -> SideEffect:
        window = self.deadline.window(self.resource, lost.since)
        return SideEffect(reason=message("write.no-response", reason=reason), window=window)
