"""The pools of a deployment, as the last looks at them read them."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.mail_path.look_record import LookRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolList:
    """The last look at every pool at a time; of ``unread`` pools its record cannot be read."""

    at: datetime
    looks: tuple[LookRecord, ...]
    pools: int
    unread: int
