"""Another actor's write at a random moment of ours: overwritten only inside the window, and then always MW906."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import pytest

from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.mail_path.overlap import StoredWindow
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Drifted, SideEffect, WriteResult, Written
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.service.repair.windowed_writer import WindowedWriter
from tests.builders import custom_from, identity, pool
from tests.fakes.deployment import Deployment, TickingClock, cause
from tests.functional.aws.wire.wire import Request
from tests.functional.aws.writers import WRITERS, Writing

# AWS itself refuses to create what is there, and updates nothing that is gone: nothing of another is overwritten.
SEEDS = {"pool": 200, "policy, updated": 200, "policy, deleted": 60, "policy, created": 40}
EVENTS = {
    "UpdateUserPool": "UpdateUserPool",
    "CreateEmailIdentityPolicy": "PutIdentityPolicy",
    "UpdateEmailIdentityPolicy": "UpdateEmailIdentityPolicy",
    "DeleteEmailIdentityPolicy": "DeleteIdentityPolicy",
}


@dataclass(slots=True, kw_only=True)
class Interleaving:
    """One write of ours, with another actor's write just before one of its calls or after all of them.

    The other's event is heard at a random time: while ours is under way, soon after, or a day later.
    """

    rng: random.Random
    writing: Writing
    mailwarden: Deployment
    place: int
    made_at: Cause | None = None
    was_before_the_comparison: bool = False
    heard_early: bool = False

    def run(self) -> WriteResult:
        self.writing.wire.on_request = self._on_request
        writer = WindowedWriter(
            writer=cast("ChangeWriter", self.writing.writer),
            windows=self.mailwarden.ledger.windows,
            clock=self.writing.time,
        )
        change = self.writing.change
        assert change is not None
        outcome = writer.write(change, entry_id="entry-1")
        if self.made_at is None:
            self._meddle()
        self.mailwarden.clock.at = self.writing.time.now() + timedelta(seconds=1)
        if not self.heard_early:
            self.mailwarden.clock.at += self.rng.choice((timedelta(), timedelta(minutes=3), timedelta(days=1)))
            self.mailwarden.inspect(self._hint())
        # The next look, whatever leads to it.
        self.mailwarden.clock.pass_by(seconds=90)
        self.mailwarden.inspect(PoolHint(pool=self._pool()))
        return outcome

    def _on_request(self, request: Request) -> None:
        """Half of a call's time passes on its way, then the other may write, then the call is carried out."""
        self.writing.time.seconds += self.rng.choice((0.004, 0.03, 0.2, 0.9))
        if len(self.writing.wire.requests) == self.place + 1:
            self._meddle()
            self.was_before_the_comparison = request.operation != self.writing.mutates
        self.writing.time.seconds += self.rng.choice((0.001, 0.02))

    def _meddle(self) -> None:
        self.writing.meddle()
        at = self.writing.time.now()
        self.made_at = cause(EVENTS[self.writing.mutates], event_id="e-other", at=at.replace(microsecond=0))
        if self.rng.random() < 0.3:
            self.heard_early = True
            self.mailwarden.clock.at = at
            self.mailwarden.inspect(self._hint())

    def _hint(self) -> Hint:
        match self.writing.change:
            case ReplaceEmailConfiguration(pool=ref):
                return PoolHint(pool=ref, cause=self.made_at)
            case GrantSending(identity=ref):
                return IdentityHint(identity=ref, cause=self.made_at)
            case other:
                raise AssertionError(other)

    def _pool(self) -> PoolRef:
        return next(iter(self.mailwarden.pools.held))

    @property
    def is_reported(self) -> bool:
        return any(key.rule_id == "MW906" for key in self.mailwarden.ledger.findings.held)


def interleaving(name: str, seed: int) -> Interleaving:
    rng, writing = random.Random(seed), WRITERS[name]()  # noqa: S311 - no secret
    writing.time.seconds += rng.random()
    change = writing.change
    live = pool("us-east-1", email=custom_from(identity("example.com").ref))
    if isinstance(change, ReplaceEmailConfiguration):
        live = replace(live, ref=change.pool)
    mailwarden = Deployment(clock=TickingClock(at=writing.time.now() - timedelta(minutes=10)))
    mailwarden.hold(live, identity("example.com"))
    mailwarden.inspect(PoolHint(pool=live.ref))
    return Interleaving(rng=rng, writing=writing, mailwarden=mailwarden, place=rng.randrange(6))


@pytest.mark.parametrize("name", SEEDS)
def test_a_write_of_another_is_never_overwritten_before_the_comparison_and_always_reported_in_the_window(
    name: str,
) -> None:
    seen: Counter[str] = Counter()
    for seed in range(SEEDS[name]):
        tried = interleaving(name, seed)

        outcome = tried.run()

        writing, window = tried.writing, getattr(outcome, "window", None)
        if isinstance(outcome, Drifted):
            seen["before the comparison"] += 1
            assert writing.survives(), (seed, outcome)
            assert writing.wire.count(writing.mutates) == 0 or name == "policy, created"
            assert not tried.is_reported, seed
            continue
        assert isinstance(outcome, Written | SideEffect), (seed, outcome)
        assert window is not None
        assert tried.made_at is not None
        stored = StoredWindow(
            resource=window.resource,
            entry_id="entry-1",
            compared_at=window.compared_at,
            written_at=window.written_at,
        )
        overlaps = stored.overlaps(tried.made_at)
        if not writing.survives():
            seen["in the window"] += 1
            assert overlaps, (seed, "was overwritten outside the window")
        else:
            seen["after the write"] += 1
        assert tried.is_reported is overlaps, (seed, outcome)
    assert min(seen["before the comparison"], seen["after the write"]) > 5, seen
    assert (seen["in the window"] > 10) is (name != "policy, created"), seen
