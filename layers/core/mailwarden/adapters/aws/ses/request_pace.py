"""Keeps the reads of one process to SES's rate, one a second for each action and region, once SES refused one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.errors import is_throttle

if TYPE_CHECKING:
    from botocore.exceptions import _ClientErrorResponseTypeDef

# A little more than a second: the clocks of SES and of this process differ in where a second begins.
_APART = 1.05
_HOLDS = 60.0
_READS = ("Get", "List")


class RequestPace:
    """Waits before a read until the last one of its action is a second ago, for a minute after a throttle.

    A repair reads one identity before, at and after its write, and in a storm SES would refuse most of these reads.
    Writes do not wait here: nothing may come between a comparison and its write.
    """

    def __init__(self, *, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._last: dict[tuple[str, str], float] = {}
        self._holds_until = float("-inf")

    def wait(self, *, model: Any, context: Mapping[str, Any], **_: object) -> None:  # noqa: ANN401 - as botocore has them
        """Handle botocore's event ``before-call``: wait for the turn of a read."""
        action = str(model.name)
        if not action.startswith(_READS):
            return
        key = str(context.get("client_region", "")), action
        rest = self._last.get(key, float("-inf")) + _APART - self._monotonic()
        if rest > 0 and self._monotonic() < self._holds_until:
            self._sleep(rest)
        self._last[key] = self._monotonic()

    def note(self, *, parsed_response: Mapping[str, Any] | None = None, **_: object) -> None:
        """Handle botocore's event ``response-received``: a throttle starts the pace."""
        if parsed_response is not None and "Error" in parsed_response and is_throttle(_error(parsed_response)):
            self._holds_until = self._monotonic() + _HOLDS


def _error(response: Mapping[str, Any]) -> ClientError:
    return ClientError(cast("_ClientErrorResponseTypeDef", response), "")
