"""The time of an audit that keeps to its share of the request rates, on a clock that only waiting moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mailwarden_command.reading.pace import THIRD, RequestRates

# The services of the calls that AWS in a box recorded, as the SDK names them.
_NAMES = {"ses": "sesv2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Service:
    service_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    """As much of botocore's model of an operation as the pace looks at."""

    name: str
    service_model: _Service


def paced_seconds(calls: Sequence[Mapping[str, Any]]) -> float:
    """When the last of these calls of AWS in a box is sent, if each is ready as soon as its place comes."""
    waits = [0.0]
    rates = RequestRates(share=THIRD, monotonic=lambda: 0.0, sleep=waits.append)
    for call in calls:
        service = _Service(service_name=_NAMES.get(call["service"], call["service"]))
        action = _Action(name=call["action"], service_model=service)
        rates.wait(model=action, context={"client_region": call["region"]})
    return max(waits)
