"""What the mail of pools uses, and back from there to the pools."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.refs.resources import PoolRef, Subject, SubjectKind


class ResourcesInUse(Protocol):
    """Knows what the last looks at all pools used."""

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        """The pools whose last look used *subject*, in the order of their ARNs."""
        ...

    def is_used(self, subject: Subject) -> bool:
        """Whether the last look at any pool used *subject*."""
        ...

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        """The pools whose last look found that they send so, at most two: of more, no single one is meant."""
        ...

    def listed(
        self, *, kinds: Collection[SubjectKind], now: datetime, corrupt: Callable[[MalformedDocument], object]
    ) -> tuple[Subject, ...]:
        """The subjects of these kinds that some pool's mail uses, in the order of their ARNs; forgets the others.

        An entry that cannot be read is passed to *corrupt*, and skipped if no pool uses what it names.
        """
        ...
