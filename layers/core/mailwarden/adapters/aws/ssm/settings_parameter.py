"""The operator's settings document in SSM; whatever is wrong with it, no write comes of it that nobody allowed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message
from mailwarden.settings.document import parse_settings, repair_mode_asked_for
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings, lower

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

# An emergency change of RepairMode must be in force within a minute.
_MAX_AGE_SECONDS = 55.0


@dataclass(slots=True, kw_only=True)
class SettingsParameter:
    """Reads the parameter *name*, at most once a minute; without a name the built-in values hold."""

    ssm: "SSMClient"
    name: str
    monotonic: Callable[[], float]
    _known: OperatorSettings | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def current(self) -> OperatorSettings:
        """The settings in force.

        A document that is not valid leaves the last valid version of the parameter in force, with the repair mode it
        asks for if that is lower. Without such a version, or if SSM cannot be asked, nothing is written.
        """
        if not self.name:
            return OperatorSettings()
        if self._known is None or self.monotonic() - self._read_at >= _MAX_AGE_SECONDS:
            self._read_at = self.monotonic()
            self._known = self._read()
        return self._known

    def _read(self) -> OperatorSettings:
        try:
            parameter = self.ssm.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]
        except (ClientError, BotoCoreError) as error:
            return self._closed(f"{_code(error)}: ssm:GetParameter {self.name}")
        text = parameter.get("Value", "")
        try:
            return parse_settings(text)
        except MalformedSettings as error:
            return self._last_valid(text, problem=str(error))

    def _last_valid(self, text: str, *, problem: str) -> OperatorSettings:
        try:
            versions = self._versions()
        except (ClientError, BotoCoreError) as error:
            unread = f"its history could not be read either ({_code(error)}: ssm:GetParameterHistory)"
            return self._closed(f"{problem}; {unread}")
        for version in sorted(versions, reverse=True):
            try:
                valid = parse_settings(versions[version])
            except MalformedSettings:
                continue
            asked = repair_mode_asked_for(text)
            return replace(
                valid,
                repair_mode=valid.repair_mode if asked is None else lower(asked, valid.repair_mode),
                fault=SettingsFault(parameter=self.name, problem=problem, version_in_force=version),
            )
        return self._closed(f"{problem}; no version of it that SSM still has is valid")

    def _versions(self) -> dict[int, str]:
        """The documents that SSM still has, by version: the last hundred (SSM user guide, parameter versions)."""
        pages = self.ssm.get_paginator("get_parameter_history").paginate(Name=self.name, WithDecryption=True)
        return {
            parameter.get("Version", 0): parameter.get("Value", "")
            for page in pages
            for parameter in page["Parameters"]
        }

    def _closed(self, problem: str) -> OperatorSettings:
        return OperatorSettings(
            repair_mode=RepairMode.OFF,
            fault=SettingsFault(parameter=self.name, problem=problem, version_in_force=None),
            closed_because=message("settings.parameter-unusable", parameter=self.name, problem=problem),
        )


def _code(error: ClientError | BotoCoreError) -> str:
    """The error in one word. What AWS says beside it may quote names and ARNs, which the reason has anyway."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
