"""An operator's question about a pool, and its answer: the current path, the findings, and the decisions."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link, Verdict
from mailwarden.domain.operator.suppressed_address import AddressAnswer
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.repair.decision import Decision
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Can this pool send mail, and why? ``region`` is None if the caller does not know it.

    The address is a recipient's: the representation of this value never contains it.
    """

    pool_id: str
    region: str | None = None
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding and its decision; None if another finding already reports the same refused read.

    ``source`` is why its fix belongs into the source of the resource, whatever else forbids it; None if nothing is
    known of a source. ``record`` is what the ledger holds of the finding; None if no look recorded it.
    """

    finding: Finding
    decision: Decision | None
    source: Message | None = None
    record: FindingRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A look at a pool, judged and planned but not recorded. ``last_look`` is the last recorded look."""

    path: MailPath
    verdict: Verdict
    said: tuple[Said, ...]
    last_look: LookRecord | None
    address: AddressAnswer | None

    def said_about(self, link: Link) -> tuple[Said, ...]:
        """The findings about one link, in rule order."""
        return tuple(each for each in self.said if each.finding.link is link)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolNotSeen:
    """The pool is in none of the regions that answered; ``refused`` are the others.

    ``unwatched`` are the regions where it may be and that were not asked, because they are not watched.
    """

    pool_id: str
    missing_in: tuple[str, ...]
    refused: tuple[Unreadable, ...]
    at: datetime
    unwatched: tuple[str, ...] = ()


type Answered = Explained | PoolNotSeen
