"""A cache of answers: a reading stays for at most 60 seconds, and a fresh look bypasses it."""

from collections.abc import Callable
from threading import Lock

LONGEST_FOR_READINGS = 60.0


class TtlCache[K, V]:
    """Caches values by key for a limited time.

    Args:
        seconds: The time to live.
        monotonic: A monotonic clock in seconds.
    """

    def __init__(self, *, monotonic: Callable[[], float], seconds: float = LONGEST_FOR_READINGS) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._kept: dict[K, tuple[float, V]] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The cached value of *key*, or None."""
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
        return value if self._monotonic() - at < self._seconds else None

    def keep(self, key: K, value: V, *, asked_at: float) -> None:
        """Cache a value under the time of its request, and drop expired values."""
        with self._lock:
            self._drop_expired(asked_at)
            known = self._kept.get(key)
            # Of two concurrent looks, the one that was sent later counts.
            if known is None or known[0] <= asked_at:
                self._kept.pop(key, None)
                self._kept[key] = asked_at, value

    def _drop_expired(self, now: float) -> None:
        """Drop from the oldest on, so that thousands of valid values cost nothing."""
        while self._kept:
            oldest = next(iter(self._kept))
            if now - self._kept[oldest][0] < self._seconds:
                return
            del self._kept[oldest]

    def forget(self, key: K) -> None:
        """Drop the value of *key*."""
        with self._lock:
            self._kept.pop(key, None)
