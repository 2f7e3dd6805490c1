"""CloudWatch and suppression lists in memory, and a time that passes when somebody sleeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.suppression_count import Suppressed, SuppressedPage
from mailwarden.domain.reputation.time_series import Slot, slot_of
from mailwarden.ports.reputation.suppression_lists import TokenRejected
from tests.builders import NOON

type Rated = SesAccountRef | ConfigurationSetRef


@dataclass(slots=True, kw_only=True)
class PassingTime:
    """A clock that moves when somebody sleeps, a call takes its time, or a test lets it pass."""

    at: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds=seconds)

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(slots=True, kw_only=True)
class HeldFigures:
    """Slots held by subject; ``refusals`` answers for a region, ``failures`` is raised for it; ``asked`` remembers."""

    held: dict[Rated, tuple[Slot, ...]] = field(default_factory=dict)
    refusals: dict[str, Unreadable] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, tuple[Rated, ...], datetime, datetime]] = field(default_factory=list)

    def read(
        self, region: str, subjects: Sequence[Rated], *, start: datetime, end: datetime
    ) -> Mapping[Rated, tuple[Slot, ...]] | Unreadable:
        assert start == slot_of(start)
        assert {subject.region for subject in subjects} == {region}
        self.asked.append((region, tuple(subjects), start, end))
        if region in self.failures:
            raise self.failures[region]
        if region in self.refusals:
            return self.refusals[region]
        return {
            subject: tuple(slot for slot in self.held.get(subject, ()) if start <= slot.at < end)
            for subject in subjects
        }


@dataclass(slots=True, kw_only=True)
class HeldLists:
    """Entries by region in pages of ``size``; a page takes ``seconds``; a token is the place it goes on from.

    The dates of a request are taken one second too widely, as an adapter may. ``answers`` come instead, by the number
    of the call. Tokens older than ``token_lives`` are rejected, and all those of windows while ``rejects_windows``.
    """

    time: PassingTime
    held: dict[str, list[Suppressed]] = field(default_factory=dict)
    size: int = 1000
    seconds: float = 0.2
    answers: dict[int, TokenRejected | Unreadable | Exception] = field(default_factory=dict)
    calls: list[tuple[str, float]] = field(default_factory=list)
    token_lives: float = float("inf")
    rejects_windows: bool = False
    _given: dict[str, float] = field(default_factory=dict)

    def page(
        self, account: SesAccountRef, *, since: datetime | None, to: datetime | None, after: str | None
    ) -> SuppressedPage | TokenRejected | Unreadable:
        self.calls.append((account.region, self.time.monotonic()))
        self.time.pass_by(seconds=self.seconds)
        answer = self.answers.get(len(self.calls))
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        if after is not None and self._rejects(after, is_window=since is not None):
            return TokenRejected()
        entries = self._within(account.region, since, to)
        first = int(after or 0)
        last = first + self.size
        self._given[str(last)] = self.time.monotonic()
        return SuppressedPage(entries=tuple(entries[first:last]), after=str(last) if last < len(entries) else None)

    def _rejects(self, token: str, *, is_window: bool) -> bool:
        return (is_window and self.rejects_windows) or self.time.monotonic() - self._given[token] > self.token_lives

    def _within(self, region: str, since: datetime | None, to: datetime | None) -> list[Suppressed]:
        listed = self.held.get(region, [])
        if since is None or to is None:
            return listed
        margin = timedelta(seconds=1)
        return [entry for entry in listed if since - margin <= entry.updated_at <= to + margin]
