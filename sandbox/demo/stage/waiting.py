"""Waits for a state by looking at it again and again, and gives up at a deadline."""

import time
from collections.abc import Callable

_PAUSE = 0.03


class NotSeen(Exception):
    """The expected state did not occur in time; the message names it."""


def until[T](look: Callable[[], T | None], *, what: str, within: float = 30.0) -> T:
    """Look until there is something, and return it; `within` is in seconds.

    Raises:
        NotSeen: The time was up.
    """
    deadline = time.monotonic() + within
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise NotSeen(f"{what}: not seen within {within:.0f} s")
        time.sleep(_PAUSE)
    return found
