"""Keeps the calls of one process to SES's rate: one a second for each action and region (SES quotas page)."""

from collections.abc import Callable
from typing import Any

# A little more than a second: the clocks of SES and of this process differ in where a second begins.
_APART = 1.05
_NOT_LIMITED = ("Send", "Put", "Create", "Update", "Delete")


class RequestPace:
    """A handler of botocore's event ``before-call`` that waits until the last call of the action is a second ago.

    A repair reads the same identity before, at and after its write. Without a pause SES would refuse most of these
    reads. Writes do not wait here: nothing may come between a comparison and its write.
    """

    def __init__(self, *, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._last: dict[tuple[str, str], float] = {}

    def __call__(self, *, model: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401 - as botocore has them
        """Wait for the turn of a call."""
        action = str(model.name)
        if action.startswith(_NOT_LIMITED):
            return
        key = str(context.get("client_region", "")), action
        last = self._last.get(key)
        if last is not None:
            rest = last + _APART - self._monotonic()
            if rest > 0:
                self._sleep(rest)
        self._last[key] = self._monotonic()
