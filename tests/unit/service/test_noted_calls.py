"""Which calls of other actors are noted beside the windows of our writes, and at what cost."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.mail_path.overlap import ResourceWrites, StoredWindow
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint, SesAccountHint
from mailwarden.service.inspection.overlap_recorder import OverlapRecorder
from tests.builders import ACCOUNT, NOON, identity_ref, pool_ref, ses_account
from tests.fakes.deployment import OWN_SESSION, TickingClock, cause
from tests.fakes.ledger.in_memory import InMemoryWriteWindows

POOL, IDENTITY = pool_ref(), identity_ref()
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mailwarden-RepairRole-1A2B"
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class CountedWindows(InMemoryWriteWindows):
    """Counts how often the windows of a resource are read."""

    reads: int = 0

    def of(self, resource: str) -> ResourceWrites:
        self.reads += 1
        return InMemoryWriteWindows.of(self, resource)


def written(*, at: datetime = NOON) -> CountedWindows:
    """The windows after we wrote the pool and the identity, for two seconds."""
    windows = CountedWindows()
    for resource in (POOL.arn, IDENTITY.arn):
        windows.put(
            StoredWindow(resource=resource, entry_id="entry-1", compared_at=at, written_at=at + 2 * SECOND),
        )
    return windows


def by(actor: str, name: str = "UpdateUserPool", *, at: datetime = NOON) -> Cause:
    return replace(cause(name, event_id=actor, at=at), actor=actor)


def hear(windows: CountedWindows, hint: Hint) -> list[str]:
    """The events that are noted of a hint."""
    OverlapRecorder(windows=windows, own_roles=(OWN_ROLE,), clock=TickingClock()).record(hint)
    return [other.call.event_id for other in windows.calls.values()]


def test_of_the_calls_of_an_event_only_those_in_the_window_are_noted() -> None:
    calls = [by(f"at {seconds}", at=NOON + seconds * SECOND) for seconds in (-60, 1, 60)]

    assert hear(written(), PoolHint(pool=POOL, cause=folded(*calls))) == ["at 1"]


@pytest.mark.parametrize(
    "hint",
    [
        PoolHint(pool=POOL),
        PoolHint(pool=POOL, cause=cause("DeleteUserPool")),
        PoolHint(pool=POOL, cause=replace(cause(), actor=OWN_SESSION)),
        IdentityHint(identity=IDENTITY, cause=cause("PutEmailIdentityDkimAttributes")),
        IdentityHint(identity=IDENTITY, cause=replace(cause("PutIdentityPolicy"), policy="theirs")),
        SesAccountHint(account=ses_account().ref, cause=cause("PutAccountDetails")),
    ],
    ids=["no call", "a call that a write does not touch", "our call", "no policy", "another policy", "an account"],
)
def test_an_event_of_which_no_call_can_matter_costs_no_read(hint: Hint) -> None:
    windows = written()

    assert hear(windows, hint) == []
    assert windows.reads == 0


@pytest.mark.parametrize("name", ["UpdateUserPool", "PutIdentityPolicy"])
def test_one_of_which_several_can_matter_costs_one(name: str) -> None:
    windows, calls = written(), folded(by("alice", name), by("bob", name))
    pools = name == "UpdateUserPool"

    noted = hear(windows, PoolHint(pool=POOL, cause=calls) if pools else IdentityHint(identity=IDENTITY, cause=calls))

    assert (noted, windows.reads) == (["alice", "bob"], 1)
