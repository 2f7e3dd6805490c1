"""The queue of hints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from mailwarden.domain.refs.hints import Hint


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedHint:
    """A hint and how long it should wait in the queue (at most 15 minutes, the limit of SQS)."""

    hint: Hint
    delay: timedelta = timedelta(0)


class HintQueue(Protocol):
    """Where hints wait."""

    def send(self, hints: Sequence[DelayedHint]) -> None:
        """Send them all, or raise."""
        ...
