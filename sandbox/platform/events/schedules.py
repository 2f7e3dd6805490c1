"""Fires schedules on demand: rules with a rate or cron expression, and EventBridge Scheduler's."""

import time
import uuid
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.platform.isolation import ACCOUNT_ID


def _fire(path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    """Do now what the schedule would do when its time comes, whatever its state."""
    from ministack.core.responses import request_scope
    from ministack.services import eventbridge

    fired: list[Json] = []
    for region, schedule, target, source in _targets(path["name"]):
        event = {
            "EventId": str(uuid.uuid4()),
            "Source": source,
            "DetailType": "Scheduled Event",
            "Detail": "{}",
            "EventBusName": "default",
            "Time": int(time.time()),
            "Resources": [schedule["Arn"]],
            "Account": ACCOUNT_ID,
            "Region": region,
        }
        with request_scope(ACCOUNT_ID, region):
            eventbridge._invoke_target(target, event, schedule)
        fired.append(target["Arn"])
    if not fired:
        raise ControlError(
            HTTPStatus.NOT_FOUND, f"no schedule with a target is named {path['name']}; there are {', '.join(_names())}"
        )
    return {"fired": fired}


def _targets(name: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any], str]]:
    return (
        (region, schedule, target, source) for region, schedule, target, source in _all() if schedule["Name"] == name
    )


def _names() -> list[str]:
    return sorted({str(schedule["Name"]) for _, schedule, _, _ in _all()})


def _all() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any], str]]:
    from ministack.services import eventbridge, scheduler

    for (account, region, key), rule in eventbridge._rules.all_items():
        if rule.get("ScheduleExpression"):
            for target in eventbridge._targets.get_scoped(account, region, key, []):
                yield region, rule, target, "aws.events"
    for (_account, region, _key), schedule in scheduler._schedules.all_items():
        yield region, schedule, schedule["Target"], "aws.scheduler"


def routes() -> tuple[Route, ...]:
    """Fire a schedule by its name, in whatever region it is."""
    return (
        Route(
            "POST",
            "/_sandbox/schedules/{name}/fire",
            _fire,
            "Do now what a schedule does when its time comes; returns the targets that were called.",
        ),
    )
