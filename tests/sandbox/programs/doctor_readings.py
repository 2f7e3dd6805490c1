"""Readings of a sound deployment for the judgments of `make doctor`."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import Line
from tools.doctor.state import SettingsState, StateReading

HOME, DUBLIN = "ap-northeast-2", "eu-west-1"
BUS = "arn:aws:events:ap-northeast-2:111122223333:event-bus/mailwarden"
ROLE = "arn:aws:iam::111122223333:role/mailwarden-EventForwardingRole-1"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DENIED = Unreadable(action="x:Read", region=DUBLIN, reason="AccessDenied")
SETTINGS = SettingsState(parameter="/mw", version=7, problem=None, repair_mode="safe")
STATE = StateReading(settings=SETTINGS, stop=None, swept_at={HOME: NOON - timedelta(minutes=9)}, sdk="1.43.106")


def statuses(lines: Iterable[Line]) -> list[str]:
    return [line.status.value for line in lines]
