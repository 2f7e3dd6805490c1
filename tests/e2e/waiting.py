"""Waits for a state by looking at it again and again, and fails at a deadline."""

import time
from collections.abc import Callable

_PAUSE = 0.03


def until[T](look: Callable[[], T], *, what: str, within: float = 20.0) -> T:
    """Look until there is something, and return it; `within` is in seconds."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"not seen within {within:.0f} s: {what}"
        time.sleep(_PAUSE)
    return found
