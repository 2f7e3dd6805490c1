"""The settings in effect, the stop and the sweeps, which only the functions know: `ask` answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.errors import message_of
from mailwarden.domain.repair.limits import Stop
from tools.doctor.lines import DEPLOY, Line, counted, note, sound, to_do, unknown
from tools.doctor.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsState:
    """The settings document in effect, as ``DeploymentState`` has it."""

    parameter: str
    version: int | None
    problem: str | None
    repair_mode: str
    consent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slack_channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StateReading:
    """The answer of `ask`; each part is the reason instead, a text, where there is no answer."""

    settings: SettingsState | str
    stop: Stop | str | None
    swept_at: Mapping[str, datetime | None] | str
    sdk: str | None = None


def read_state(site: Site) -> StateReading:
    """Ask the function `ask`."""
    function = site.home.outputs.get("AskFunction", "")
    try:
        answered = site.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"deployment": {}}))
    except (ClientError, BotoCoreError) as error:
        return _unknown(f"function ask: {message_of(error)}")
    document = json.loads(answered["Payload"].read() or "null")
    if "FunctionError" in answered or not isinstance(document, dict):
        return _unknown("the function ask failed; its log has the error")
    if document.get("answer") != "known":
        return _unknown(f"the function ask is of an older version; {DEPLOY}")
    return state_from(document)


def _unknown(reason: str) -> StateReading:
    return StateReading(settings=reason, stop=reason, swept_at=reason)


def state_from(document: Mapping[str, Any]) -> StateReading:
    """Read the document of the question ``deployment``."""
    settings, stop = document["settings"], document["stop"]
    return StateReading(
        settings=SettingsState(
            parameter=settings["parameter"],
            version=settings["version"],
            problem=settings["problem"],
            repair_mode=settings["repair_mode"],
            consent={arn: tuple(opened) for arn, opened in settings["consent"].items()},
            slack_channels=tuple(settings.get("slack_channels", ())),
        ),
        stop=None if stop is None else Stop(by=stop["by"], since=datetime.fromisoformat(stop["since"])),
        swept_at={
            region: None if at is None else datetime.fromisoformat(at) for region, at in document["swept_at"].items()
        },
        sdk=document["sdk"],
    )


def judge_settings(reading: StateReading) -> Iterator[Line]:
    """The newest document is in effect; with RepairMode off nothing is repaired."""
    settings = reading.settings
    if isinstance(settings, str):
        yield unknown("the settings in effect", settings)
        return
    if settings.problem is not None:
        version = "no version" if settings.version is None else f"version {settings.version}"
        yield to_do(
            f"the settings in {settings.parameter} are not in effect, and nothing is repaired: {settings.problem}",
            f"correct the document ({version} is in effect for everything else); it takes effect within a minute",
        )
    elif not settings.parameter:
        yield sound("there is no settings document; the built-in values are in effect")
    else:
        yield sound(f"the settings in {settings.parameter} are in effect: version {settings.version}")
    if settings.problem is None and settings.repair_mode == "off":
        yield note("RepairMode is off: Mailwarden reports and repairs nothing", "deploy with RepairMode=safe")


def judge_sweeps(reading: StateReading, *, now: datetime, stale_after: timedelta) -> Iterator[Line]:
    """The last complete sweep of every region is young enough."""
    if isinstance(reading.swept_at, str):
        yield unknown("the last sweeps", reading.swept_at)
        return
    never = sorted(region for region, at in reading.swept_at.items() if at is None)
    ages = {region: now - at for region, at in reading.swept_at.items() if at is not None}
    if never:
        yield to_do(
            f"{', '.join(never)} {'was' if len(never) == 1 else 'were'} never swept to the end",
            "wait ten minutes after the first deployment; then see docs/runbooks/sweep-errors.md",
        )
    for region, age in sorted(ages.items()):
        if age > stale_after:
            yield to_do(
                f"the last complete sweep of {region} ended {_minutes(age)} ago", "see docs/runbooks/stale-sweep.md"
            )
    if ages and not never and max(ages.values()) <= stale_after:
        yield sound(f"the oldest of the last sweeps ended {_minutes(max(ages.values()))} ago")


def _minutes(age: timedelta) -> str:
    return counted(int(age.total_seconds() // 60), "minute")
