"""The record in the ledger of the EmailConfiguration that a pool is expected to have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause


class Standing(StrEnum):
    """How far an expected configuration has proved itself."""

    SEEN = "seen"
    """It was found, and was not judged good yet: losing it is no loss."""
    SOUND = "sound"
    """It was judged good, and has not been held through the settle time yet."""
    HELD = "held"
    """It was judged good after it had been held through the settle time: the last known good one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGood:
    """The EmailConfiguration that a pool is expected to have, because it had it or a caller chose it.

    ``since``: the time of the first look that found it. ``modified``: LastModifiedDate in the last look that found it.
    ``settings``: the other settings of the pool in that look, by path, as short texts or digests. ``calls``: the calls
    that wrote the pool since ``modified``, as far as events reported them, each without others. ``found_at``: the time
    of the last look that found it; None in looks of an earlier version.
    """

    email: EmailConfiguration
    standing: Standing
    since: datetime
    modified: datetime
    settings: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[Cause, ...] = ()
    found_at: datetime | None = None
