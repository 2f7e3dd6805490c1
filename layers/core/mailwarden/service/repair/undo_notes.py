"""What looks remember of undos, settled by the journal: an undo whose process ended undid a repair, or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import may_have_taken_effect
from mailwarden.domain.repair.undone_repairs import is_doubtful
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.repair.journal import Journal

# Another look that comes in between each time has read the note before it was settled: the next order settles it.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoNotes:
    """An undo is noted before it is written, and confirmed after it; what no process confirmed is looked up here."""

    looks: Looks
    journal: Journal
    clock: Clock

    def confirm(self, pools: Iterable[PoolRef], undo_id: str) -> None:
        """Note at the looks of *pools* that the undo was made."""
        for pool in pools:
            self._change(pool, lambda each: replace(each, confirmed=True) if each.undo_id == undo_id else each)

    def settle(self, pools: Iterable[PoolRef]) -> None:
        """Confirm the doubtful notes of *pools* that the journal knows to be true, and remove those of no write.

        An entry without an outcome says nothing yet: its note stays as it is.
        """
        now = self.clock.now()
        for pool in pools:
            last = self.looks.last(pool)
            if last is not None and any(is_doubtful(each, now) for each in last.undone):
                self._change(pool, lambda each: self._settled(each) if is_doubtful(each, now) else each)

    def _settled(self, undone: UndoneRepair) -> UndoneRepair | None:
        entry = self.journal.entry(undone.undo_id)
        if entry is None:
            # The process ended before it intended anything.
            return None
        if entry.outcome is None:
            return undone
        return replace(undone, confirmed=True) if may_have_taken_effect(entry.outcome) else None

    def _change(self, pool: PoolRef, change: Callable[[UndoneRepair], UndoneRepair | None]) -> None:
        for _ in range(_ATTEMPTS):
            last = self.looks.last(pool)
            if last is None:
                return
            changed = (change(each) for each in last.undone)
            look = replace(last, undone=tuple(each for each in changed if each is not None))
            if look == last or self.looks.replace(last, look):
                return
