"""The events in ``events/`` and ways to bend one."""

import copy
import json
from pathlib import Path
from typing import Any

from mailwarden.inbound.cloudtrail.delivery_failures import FAILING_CALLS

EVENTS = Path(__file__).parents[3] / "events"
ACCOUNT = "123456789012"
SAID_BY_SES = ("ses.advisor-recommendation-", "ses.email-", "ses.sending-status-", "sns.")

type Event = dict[str, Any]


def example(name: str) -> Event:
    event: Event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def calls() -> tuple[str, ...]:
    """The names of all examples of calls that may lead to a look."""
    return tuple(name for name in _events() if example(name)["detail"].get("eventName") not in FAILING_CALLS)


def failing_calls() -> tuple[str, ...]:
    """The names of all examples of calls that failed, for whichever reason, where Cognito may have been to send."""
    return tuple(name for name in _events() if example(name)["detail"].get("eventName") in FAILING_CALLS)


def ses_statement() -> tuple[str, ...]:
    """The names of all examples of SES messages, through EventBridge or SNS."""
    return tuple(name for name in _examples() if name.startswith(SAID_BY_SES))


def _events() -> tuple[str, ...]:
    """All examples of calls; the others are SES messages and inputs of invocations."""
    return tuple(name for name in _examples() if not name.startswith(("invoke.", *SAID_BY_SES)))


def _examples() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in EVENTS.glob("*.json")))


def bent(event: Event, path: str, value: object) -> Event:
    """The event with one member, named by a dotted path, replaced."""
    changed = copy.deepcopy(event)
    *parents, last = path.split(".")
    place = changed
    for parent in parents:
        place = place[parent]
    place[last] = value
    return changed


def without(event: Event, path: str) -> Event:
    """The event with one member left out."""
    changed = copy.deepcopy(event)
    *parents, last = path.split(".")
    place = changed
    for parent in parents:
        place = place[parent]
    del place[last]
    return changed
