"""The window of a write: open before it begins, closed with its times, or dropped; never left by chance."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import CreateServiceLinkedRole, ReplaceRiskConfiguration, WrittenChange
from mailwarden.domain.mail_path.overlap import StoredWindow
from mailwarden.domain.repair.journal import Drifted, Overtaken, SideEffect, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.service.repair.windowed_writer import WindowedWriter
from tests.builders import ACCOUNT, NOON, pool_ref
from tests.fakes.ledger.in_memory import InMemoryWriteWindows
from tests.unit.service.standing import LATER, StillClock

CHANGE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
COMPARED_AT = NOON + timedelta(seconds=1)
WINDOW = WriteWindow(resource=CHANGE.resource, compared_at=COMPARED_AT, written_at=LATER.at)
OPEN = StoredWindow(resource=CHANGE.resource, entry_id="entry-1", compared_at=NOON, written_at=None)
CLOSED = replace(OPEN, compared_at=COMPARED_AT, written_at=LATER.at)
WHY = verbatim("why")


@dataclass(slots=True, kw_only=True)
class Watching:
    """A writer that sees which windows are stored while it writes."""

    windows: InMemoryWriteWindows
    result: WriteResult | Exception
    seen: list[object] = field(default_factory=list)

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.seen = [change, entry_id, *self.windows.windows.values()]
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        (Written(entry_id="entry-1", window=WINDOW), [CLOSED]),
        (SideEffect(reason=WHY, window=WINDOW), [CLOSED]),
        (Unconfirmed(reason=WHY, window=WINDOW), [CLOSED]),
        (Written(entry_id="entry-1"), []),
        (Drifted(reason=WHY), []),
        (Overtaken(reason=WHY), []),
        (ConnectionError("no"), []),
    ],
)
def test_the_window_of_a_write_that_aws_took_stays_with_its_times(
    result: WriteResult | Exception, kept: list[StoredWindow]
) -> None:
    windows = InMemoryWriteWindows()
    below = Watching(windows=windows, result=result)
    writer = WindowedWriter(writer=below, windows=windows, clock=StillClock())

    if isinstance(result, Exception):
        with pytest.raises(ConnectionError):
            writer.write(CHANGE, entry_id="entry-1")
    else:
        assert writer.write(CHANGE, entry_id="entry-1") == result

    assert below.seen == [CHANGE, "entry-1", OPEN]
    assert list(windows.windows.values()) == kept


def test_the_window_of_a_risk_configuration_is_told_from_one_of_its_pool() -> None:
    """Both are writes of the pool's ARN; calls that write the one say nothing of the other."""
    change = ReplaceRiskConfiguration(pool=pool_ref(), before="{}", after='{"Actions":{}}')
    windows = InMemoryWriteWindows()
    written = Written(entry_id="entry-1", window=replace(WINDOW, resource=change.resource))
    below = Watching(windows=windows, result=written)

    WindowedWriter(writer=below, windows=windows, clock=StillClock()).write(change, entry_id="entry-1")

    opened = replace(OPEN, resource=change.resource, is_of_risk=True)
    assert below.seen == [change, "entry-1", opened]
    assert list(windows.windows.values()) == [replace(opened, compared_at=COMPARED_AT, written_at=LATER.at)]
