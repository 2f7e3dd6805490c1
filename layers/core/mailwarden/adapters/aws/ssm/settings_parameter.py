"""Reads the operator's settings document from SSM. An invalid document never allows more writes than before."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message
from mailwarden.settings.document import parse_settings, repair_mode_asked_for
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings, lower

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

# An emergency change of RepairMode must take effect within a minute.
_MAX_AGE_SECONDS = 55.0


class SettingsParameter:
    """Reads the parameter *name*, at most once a minute; without a name the built-in values apply."""

    def __init__(self, *, ssm: "SSMClient", name: str, monotonic: Callable[[], float]) -> None:
        self._ssm = ssm
        self._name = name
        self._monotonic = monotonic
        self._recent = TtlCache[str, OperatorSettings](monotonic=monotonic, seconds=_MAX_AGE_SECONDS)

    def current(self) -> OperatorSettings:
        """The settings in effect.

        With an invalid document the last valid version of the parameter stays in effect, with the repair mode of the
        invalid document if that is lower. Without a valid version, or if SSM cannot be read, nothing is written.
        """
        if not self._name:
            return OperatorSettings()
        known = self._recent.get(self._name)
        if known is None:
            asked_at = self._monotonic()
            known = self._read()
            self._recent.keep(self._name, known, asked_at=asked_at)
        return known

    def _read(self) -> OperatorSettings:
        try:
            parameter = self._ssm.get_parameter(Name=self._name, WithDecryption=True)["Parameter"]
        except (ClientError, BotoCoreError) as error:
            return self._closed(f"{_code(error)}: ssm:GetParameter {self._name}")
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
                fault=SettingsFault(parameter=self._name, problem=problem, version_in_force=version),
            )
        return self._closed(f"{problem}; no version of it that SSM still has is valid")

    def _versions(self) -> dict[int, str]:
        """The stored documents by version: SSM keeps the last hundred (SSM user guide, parameter versions)."""
        pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._name, WithDecryption=True)
        return {
            parameter.get("Version", 0): parameter.get("Value", "")
            for page in pages
            for parameter in page["Parameters"]
        }

    def _closed(self, problem: str) -> OperatorSettings:
        return OperatorSettings(
            repair_mode=RepairMode.OFF,
            fault=SettingsFault(parameter=self._name, problem=problem, version_in_force=None),
            closed_because=message("settings.parameter-unusable", parameter=self._name, problem=problem),
        )


def _code(error: ClientError | BotoCoreError) -> str:
    """The error's code. AWS's message may quote names and ARNs, which the reason contains anyway."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
