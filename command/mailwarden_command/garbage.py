"""The interpreter's search for unreachable cycles, which costs a tenth of an audit and finds next to none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# An audit makes some thousand objects for each pool, and nearly all of them stay until its report is written.
_OBJECTS_BETWEEN_SEARCHES = 50_000


@contextmanager
def rare_searches() -> Iterator[None]:
    """Search seldom, and never among the modules that are loaded by now (``gc.freeze``)."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
