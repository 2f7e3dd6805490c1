"""What was decided or done about a finding in one look."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.findings.finding import LONGEST_SENTENCE
from mailwarden.domain.findings.record import Handling, LastWrite, ProposedWrite
from mailwarden.message import Message, clipped_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What was decided or done about a finding in this look.

    ``exempt``: it is recorded in silence, because its owner asked for it or because it is a note. ``patience``: how
    long an announcement may wait, for a repair or for another try. ``retryable``, ``by_order``, ``source``: as in
    ``LastWrite``.
    """

    handling: Handling
    reason: Message | None = None
    proposed: ProposedWrite | None = None
    undo_id: str | None = None
    exempt: bool = False
    patience: timedelta = timedelta(0)
    retryable: bool = False
    by_order: bool = False
    source: Message | None = None

    @property
    def write(self) -> LastWrite:
        """The part that the ledger keeps, of bounded size."""
        return LastWrite(
            handling=self.handling,
            reason=None if self.reason is None else clipped_message(self.reason, LONGEST_SENTENCE),
            proposed=None if self.proposed is None else self.proposed.recorded(),
            undo_id=self.undo_id,
            retryable=self.retryable,
            by_order=self.by_order,
            source=None if self.source is None else clipped_message(self.source, LONGEST_SENTENCE),
        )
