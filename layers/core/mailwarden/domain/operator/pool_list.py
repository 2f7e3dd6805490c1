"""The pools of a deployment, as the last looks at them read them."""

from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolChoice:
    """The pools whose name fits the pattern ``name``, with the verdict ``answer``; None for any."""

    name: str = "*"
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolList:
    """The last look at every pool at a time, or at the chosen ones; of ``unread`` pools its record cannot be read."""

    at: datetime
    looks: tuple[LookRecord, ...]
    pools: int
    unread: int

    def chosen(self, choice: PoolChoice) -> "PoolList":
        """The same list with the looks of the chosen pools only."""
        looks = (look for look in self.looks if choice.answer in {None, look.answer})
        return replace(self, looks=tuple(look for look in looks if fnmatchcase(look.pool_name, choice.name)))
