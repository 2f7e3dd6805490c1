"""A person's question about a pool, and the answer: the path as it is now, what the rules say, what would be done."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.finding import Finding, Link
from mailwarden.domain.findings.record import LookRecord
from mailwarden.domain.findings.verdict import Verdict
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.operator.suppressed_address import AddressAnswer
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.repair.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Why does this pool's mail arrive, or not? ``region`` is None where the person does not know it.

    The address is of a recipient: it is in no text that this value makes of itself.
    """

    pool_id: str
    region: str | None = None
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding and what the planner decides about it; None where the same refused read is told by another finding."""

    finding: Finding
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A look at a pool, judged and planned, and recorded nowhere. ``last_look`` is the last one that was recorded."""

    path: MailPath
    verdict: Verdict
    said: tuple[Said, ...]
    last_look: LookRecord | None
    address: AddressAnswer | None

    def said_about(self, link: Link) -> tuple[Said, ...]:
        """What the rules say of one link, in their order."""
        return tuple(each for each in self.said if each.finding.link is link)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolNotSeen:
    """The pool is in none of the regions that answered; ``refused`` are those that did not."""

    pool_id: str
    missing_in: tuple[str, ...]
    refused: tuple[Unreadable, ...]
    at: datetime


type Answered = Explained | PoolNotSeen
