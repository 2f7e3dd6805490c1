"""Stores the window of each write before it begins and after it ends, so that another actor's call in it is noticed."""

from dataclasses import dataclass, replace

from mailwarden.domain.findings.changes import ReplaceRiskConfiguration, WrittenChange
from mailwarden.domain.mail_path.overlap import StoredWindow
from mailwarden.domain.repair.journal import WriteResult, window_of
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.ports.repair.write_windows import WriteWindows


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowedWriter:
    """Implements ``ChangeWriter`` with another one.

    The window is stored as open before the comparison: a call of another actor may be reported before the write ends,
    and the process may end before it.
    """

    writer: ChangeWriter
    windows: WriteWindows
    clock: Clock

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        """Write *change*; an error is raised only if AWS certainly wrote nothing."""
        begun = StoredWindow(
            resource=change.resource,
            entry_id=entry_id,
            compared_at=self.clock.now(),
            written_at=None,
            is_of_risk=isinstance(change, ReplaceRiskConfiguration),
        )
        self.windows.put(begun)
        try:
            result = self.writer.write(change, entry_id=entry_id)
        except Exception:
            self.windows.drop(begun)
            raise
        window = window_of(result)
        if window is None:
            self.windows.drop(begun)
        else:
            self.windows.put(replace(begun, compared_at=window.compared_at, written_at=window.written_at))
        return result
