"""Control routes about what becomes of mail: recipients that misbehave, past metrics, a long suppression list."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.mail import emulator
from sandbox.mail.control.body import members, refuse_unknown
from sandbox.mail.feedback import recipients, reputation
from sandbox.mail.ses.store import Realm, Suppressed, realm

_METRICS = {*reputation.COUNTS.values(), reputation.BOUNCE_RATE, reputation.COMPLAINT_RATE}
_REASONS = frozenset({"BOUNCE", "COMPLAINT"})


def _add_rule(_: Mapping[str, str], body: Json, __: Mapping[str, str]) -> object:
    """Set the fate of mail to the addresses of a shell pattern; the newest matching rule applies."""
    given = members(body)
    refuse_unknown(given, {"pattern", "outcome"})
    if given.get("outcome") not in recipients.SETTABLE:
        allowed = ", ".join(sorted(recipients.SETTABLE))
        raise ControlError(HTTPStatus.BAD_REQUEST, f"outcome {given.get('outcome')!r} is none of {allowed}")
    recipients.add_rule(str(_needed(given, "pattern")), recipients.Outcome(given["outcome"]))
    return _shown_rules()


def _list_rules(_: Mapping[str, str], __: Json, ___: Mapping[str, str]) -> object:
    return _shown_rules()


def _forget_rules(_: Mapping[str, str], __: Json, ___: Mapping[str, str]) -> object:
    recipients.forget_rules()
    return _shown_rules()


def _shown_rules() -> object:
    return [asdict(rule) for rule in recipients.rules()]


def _add_points(_: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Put points of `AWS/SES` anywhere in time; with `configuration_set` into that set's series."""
    given = members(body)
    refuse_unknown(given, {"region", "points"})
    points = [members(point) for point in given.get("points", [])]
    for point in points:
        refuse_unknown(point, {"name", "value", "at", "configuration_set"})
        if point.get("name") not in _METRICS:
            raise ControlError(HTTPStatus.BAD_REQUEST, f"{point.get('name')!r} is no metric of AWS/SES")
    with emulator.acting_in(query.get("account") or emulator.account_id(), _needed(given, "region")):
        for point in points:
            of_set = point.get("configuration_set")
            dimensions = {reputation.CONFIGURATION_SET: str(of_set)} if of_set else {}
            value, at = float(_needed(point, "value")), float(_needed(point, "at"))
            emulator.record_point(reputation.NAMESPACE, point["name"], value, at, dimensions)
    return {"points": len(points)}


def _forget_points(_: Mapping[str, str], __: Json, query: Mapping[str, str]) -> object:
    """Drop all series of `AWS/SES`, and reset the rates: `?region=` names one region, without it all."""
    region = query.get("region")
    emulator.forget_metrics(reputation.NAMESPACE, region)
    reputation.forget_volumes(region)
    return {}


def _fill_suppression_list(_: Mapping[str, str], body: Json, query: Mapping[str, str]) -> object:
    """Put many made-up addresses on the list, spread evenly over a time, or exactly the `entries` given."""
    given = members(body)
    refuse_unknown(given, {"region", "number", "reason", "prefix", "first_at", "last_at", "entries"})
    place = _realm(given, query)
    number, reason = int(given.get("number", 0)), _reason(given.get("reason", "BOUNCE"))
    prefix, last = str(given.get("prefix", "gone")), float(given.get("last_at", time.time()))
    first = float(given.get("first_at", last))
    step = (last - first) / max(number - 1, 1)
    for position in range(number):
        _suppress(place, f"{prefix}-{position}@example.net", reason, first + position * step)
    for entry in map(members, given.get("entries", [])):
        refuse_unknown(entry, {"address", "reason", "at"})
        reason = _reason(entry.get("reason", "BOUNCE"))
        _suppress(place, str(_needed(entry, "address")), reason, float(entry.get("at", time.time())))
    return {"entries": len(place.suppressed)}


def _empty_suppression_list(_: Mapping[str, str], __: Json, query: Mapping[str, str]) -> object:
    _realm(dict(query), query).suppressed.clear()
    return {"entries": 0}


def _suppress(place: Realm, address: str, reason: str, at: float) -> None:
    key = address.lower()
    place.suppressed[key] = Suppressed(address=key, reason=reason, updated=round(at, 3))


def _reason(value: object) -> str:
    if value not in _REASONS:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"reason {value!r} is neither BOUNCE nor COMPLAINT")
    return str(value)


def _realm(given: Mapping[str, Any], query: Mapping[str, str]) -> Realm:
    return realm(query.get("account") or emulator.account_id(), str(_needed(given, "region")))


def _needed(given: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    if name not in given:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"{name} is missing")
    return given[name]


_RECIPIENTS = "/_sandbox/ses/recipients"
_POINTS = "/_sandbox/ses/metrics"
_SUPPRESSION = "/_sandbox/ses/suppression"

ROUTES = (
    Route(
        "POST",
        _RECIPIENTS,
        _add_rule,
        "Set the outcome of mail to some addresses; of several rules the newest counts.",
        body={"pattern": "*@no-such-mailbox.example", "outcome": "bounce"},
        members="`outcome`: " + ", ".join(f"`{outcome}`" for outcome in sorted(recipients.SETTABLE)),
    ),
    Route("GET", _RECIPIENTS, _list_rules, "List these rules."),
    Route("DELETE", _RECIPIENTS, _forget_rules, "Remove these rules."),
    Route(
        "POST",
        _POINTS,
        _add_points,
        "Put data points of the CloudWatch namespace AWS/SES anywhere in time.",
        query=("account",),
        body={
            "region": "eu-west-1",
            "points": [{"name": "Reputation.BounceRate", "value": 0.06, "at": 1767225600}],
        },
        members="`configuration_set` of a point: its series instead of the account's",
    ),
    Route(
        "DELETE",
        _POINTS,
        _forget_points,
        "Remove all data points of AWS/SES, in one region or in all.",
        query=("region",),
    ),
    Route(
        "POST",
        _SUPPRESSION,
        _fill_suppression_list,
        "Put many made-up addresses on the suppression list, evenly over a time, or exactly the entries given.",
        query=("account",),
        body={"region": "eu-west-1", "number": 1000, "reason": "BOUNCE"},
        members="`prefix`, `first_at`, `last_at` (seconds since 1970), `entries` (`address`, `reason`, `at`)",
    ),
    Route(
        "DELETE",
        _SUPPRESSION,
        _empty_suppression_list,
        "Empty the suppression list of a region.",
        query=("region", "account"),
    ),
)
