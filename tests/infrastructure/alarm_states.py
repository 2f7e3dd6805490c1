"""Computes the states of an alarm as CloudWatch does, period by period, and the actions of each change of state.

Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": the table of results, and the
section "Avoiding premature transitions to alarm state". A new alarm is INSUFFICIENT_DATA, and only a change of state
invokes actions ("Alarm actions").
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
_ACTIONS = {OK: "OKActions", ALARM: "AlarmActions", INSUFFICIENT: "InsufficientDataActions"}


def reports(alarm: Mapping[str, Any], points: Sequence[float | None]) -> Iterator[tuple[int, str]]:
    """The seconds since the alarm was created, and the state, of each change that invokes an action.

    *points* are the metric's statistic period by period, None for a period without data.
    """
    state = INSUFFICIENT
    for number in range(1, len(points) + 1):
        after = _state(alarm, points[:number], state)
        if after != state and alarm.get(_ACTIONS[after]):
            yield number * alarm["Period"], after
        state = after


def _state(alarm: Mapping[str, Any], points: Sequence[float | None], before: str) -> str:
    needed = alarm["EvaluationPeriods"]
    # Before its creation an alarm's metric has no data.
    window = ([None] * needed + list(points))[-needed:]
    breaching = [None if point is None else point > alarm["Threshold"] for point in window]
    if alarm["TreatMissingData"] == "missing":
        if all(each is None for each in breaching):
            return INSUFFICIENT
    else:
        filled = alarm["TreatMissingData"] == "breaching"
        breaching = [filled if each is None else each for each in breaching]
    if any(each is False for each in breaching):
        return OK
    # Premature: the oldest breaching point has to be as old as the evaluation is long.
    return ALARM if breaching[0] else before
