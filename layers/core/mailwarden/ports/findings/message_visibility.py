"""When messages that failed return from their queue."""

from collections.abc import Mapping
from typing import Protocol


class MessageVisibility(Protocol):
    """Sets how long messages stay hidden."""

    def hide(self, seconds: Mapping[str, int]) -> tuple[str, ...]:
        """Hide messages, by receipt, for so many seconds; the error codes of those for which this failed.

        Raises nothing: for those the timeout of the queue applies.
        """
        ...
