"""Keeps the calls of a run to a share of the request rates that AWS publishes."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from mailwarden_command.reading.recording import IS_KNOWN

# Requests a second in an account and region: Cognito quotas page, "UserPoolRead" and "UserPoolResourceRead"; SES quotas
# page, every action but those that send; Lambda quotas page, control plane requests; KMS and CloudWatch allow far more
# than an audit asks for.
_OF_SERVICE = {"cognito-idp": 15.0, "lambda": 15.0}
_OF_ACTION = {"sesv2": 1.0}
# The published rates are shared with everything else in the account: an audit is a guest.
THIRD = 1 / 3


class RequestRates:
    """Gives each request of a service, or of an action of SES, a place of its own in each region.

    *share* is the part of the published rate that the run may use; 0 sets no limit.
    """

    def __init__(self, *, share: float, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._share = share
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: dict[tuple[str, str, str], float] = {}
        self._lock = Lock()
        self.requests = 0

    def wait(self, *, model: Any, context: Mapping[str, Any], **_: object) -> None:  # noqa: ANN401 - as botocore has them
        """Handle botocore's event ``before-call``: wait for the place of this request."""
        service = str(model.service_model.service_name)
        action = str(model.name) if service in _OF_ACTION else ""
        rate = _OF_ACTION.get(service) or _OF_SERVICE.get(service)
        with self._lock:
            self.requests += 1
            if rate is None or not self._share or context.get(IS_KNOWN):
                return
            key = service, str(context.get("client_region", "")), action
            place = max(self._monotonic(), self._next.get(key, float("-inf")))
            self._next[key] = place + 1 / (rate * self._share)
        rest = place - self._monotonic()
        if rest > 0:
            self._sleep(rest)
