"""Holds callers to the request rates that AWS publishes: one token bucket per region and quota, shared by all callers.

Off until switched on, for a test builds hundreds of pools faster than AWS would let it; only LookupEvents is always
held to its rate. Sources: the quotas page of
Amazon Cognito user pools ("API request rate quotas": per account and region, not adjustable), the quotas page of Amazon
SES ("one request per second" for every action except those that send), the API reference of CloudTrail (LookupEvents).
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from sandbox.control import ControlError, Json, Route
from sandbox.platform.calls.call_list import Request

_COGNITO: Mapping[str, tuple[float, frozenset[str]]] = {
    "UserPoolRead": (15, frozenset({"DescribeUserPool", "ListUserPools"})),
    "UserPoolUpdate": (15, frozenset({"CreateUserPool", "UpdateUserPool", "DeleteUserPool"})),
    "UserPoolResourceRead": (
        20,
        frozenset({"GetUserPoolMfaConfig", "ListTagsForResource", "DescribeUserPoolClient", "ListUserPoolClients"}),
    ),
    "UserPoolResourceUpdate": (15, frozenset({"SetUserPoolMfaConfig", "TagResource", "UntagResource"})),
}
_SES_PER_SECOND = 1.0
_LOOKUPS_PER_SECOND = 2.0
# Held at any time: no test builds anything with it.
_ALWAYS = "cloudtrail"


@dataclass(slots=True)
class _Bucket:
    """The tokens left of one quota; it holds those of one second at most."""

    per_second: float
    tokens: float
    at: float

    def take(self, now: float) -> bool:
        self.tokens = min(self.per_second, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(slots=True)
class _Quotas:
    """The buckets, and what was counted by service, action, region, role and second."""

    on: bool = False
    buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    made: Counter[tuple[str, str, str, str, int]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str, str, str, int]] = field(default_factory=Counter)


_state = _Quotas()
_lock = threading.Lock()


def quota_of(service: str, action: str) -> tuple[str, float] | None:
    """The quota that an action counts for, and its rate per second; None where AWS publishes none."""
    match service:
        case "cognito-idp":
            return next(((name, rate) for name, (rate, actions) in _COGNITO.items() if action in actions), None)
        case "ses":
            return None if action.startswith("Send") else (f"ses:{action}", _SES_PER_SECOND)
        case "cloudtrail" if action == "LookupEvents":
            return "cloudtrail:LookupEvents", _LOOKUPS_PER_SECOND
        case _:
            return None


def refuses(request: Request) -> bool:
    """Whether the account's rate is exceeded; counts the call if quotas are on and AWS publishes a rate for it."""
    found = quota_of(request.service, request.action)
    if found is None or not (_state.on or request.service == _ALWAYS):
        return False
    name, rate = found
    now = time.monotonic()
    key = (request.service, request.action, request.region, request.role or "", int(request.started))
    with _lock:
        bucket = _state.buckets.setdefault((request.region, name), _Bucket(rate, rate, now))
        allowed = bucket.take(now)
        _state.made[key] += 1
        if not allowed:
            _state.refused[key] += 1
    return not allowed


def _switched(_path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    if not isinstance(body, dict) or not isinstance(body.get("on"), bool):
        raise ControlError(HTTPStatus.BAD_REQUEST, 'quotas are switched with {"on": true} or {"on": false}')
    global _state  # noqa: PLW0603 - one process is one sandbox
    with _lock:
        counted = _counted(_state)
        _state = _Quotas(on=body["on"] is True)
    return {"on": _state.on, "counted": counted}


def _shown(_path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    with _lock:
        return {"on": _state.on, "counted": _counted(_state)}


def _counted(state: _Quotas) -> list[Json]:
    return [
        {
            "service": key[0],
            "action": key[1],
            "region": key[2],
            "role": key[3],
            "second": key[4],
            "calls": calls,
            "refused": state.refused[key],
        }
        for key, calls in sorted(state.made.items(), key=lambda each: each[0][4])
    ]


def routes() -> tuple[Route, ...]:
    """Switch the quotas, and what was counted under them."""
    return (
        Route(
            "POST",
            "/_sandbox/quotas",
            _switched,
            "Hold all callers to AWS's published request rates (Cognito by category, SES 1 a second per action, by "
            "region), or stop it; answers the counts until now and starts again from zero.",
            body={"on": True},
        ),
        Route(
            "GET",
            "/_sandbox/quotas",
            _shown,
            "Show whether quotas are on, and the calls and refusals by action, region, role and second.",
        ),
    )
