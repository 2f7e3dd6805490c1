"""Waits for a state by looking at it again and again, and fails at a deadline."""

import time
from collections.abc import Callable

_SHORTEST_PAUSE = 0.02
# What has taken long is not looked at so often: looking takes the processor from what is waited for.
_PART_OF_THE_TIME = 0.05


def until[T](look: Callable[[], T], *, what: str | Callable[[], str], within: float = 20.0) -> T:
    """Look until there is something, and return it; `within` is in seconds."""
    began = time.monotonic()
    while not (found := look()):
        waited = time.monotonic() - began
        assert waited < within, f"not seen within {within:.0f} s: {what if isinstance(what, str) else what()}"
        time.sleep(max(_SHORTEST_PAUSE, _PART_OF_THE_TIME * waited))
    return found
