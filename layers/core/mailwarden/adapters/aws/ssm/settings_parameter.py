"""Reads the operator's settings document from SSM. An unreadable document never allows more writes than before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.ttl_cache import TtlCache
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import Message, message
from mailwarden.settings.broken_document import forbidden_by
from mailwarden.settings.document import parse_settings
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings, lower_rule_mode

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

# An emergency change of RepairMode must take effect within a minute.
_MAX_AGE_SECONDS = 55.0
# Writes wait while SSM cannot be read: not a minute for a failure of a moment.
_UNREAD_SECONDS = 10.0
# Where other failures have their code: SSM answered, and the answer has not what it always has.
_MALFORMED = "MalformedResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Settings that once were in effect, and the version of the valid document that they come from."""

    version: int | None
    settings: OperatorSettings


class SettingsParameter:
    """Reads the parameter *name*, at most once a minute; without a name the built-in values apply."""

    def __init__(self, *, ssm: "SSMClient", name: str, monotonic: Callable[[], float]) -> None:
        self._ssm = ssm
        self._name = name
        self._monotonic = monotonic
        self._recent = TtlCache[str, OperatorSettings](monotonic=monotonic, seconds=_MAX_AGE_SECONDS)
        self._unread = TtlCache[str, OperatorSettings](monotonic=monotonic, seconds=_UNREAD_SECONDS)
        self._known: _Known | None = None

    def current(self) -> OperatorSettings:
        """The settings in effect.

        Nothing is written while the newest document is invalid or SSM cannot be read. For everything else (silences,
        severities, thresholds, region rows) the last valid version is in effect: the last one that this process knows,
        or the newest in the parameter's history. The recognizable prohibitions of an invalid document are in effect,
        too.
        """
        if not self._name:
            return OperatorSettings()
        known = self._recent.get(self._name) or self._unread.get(self._name)
        if known is None:
            asked_at = self._monotonic()
            known, read = self._read()
            (self._recent if read else self._unread).keep(self._name, known, asked_at=asked_at)
        return known

    def _read(self) -> tuple[OperatorSettings, bool]:
        """The settings in effect now, and whether SSM gave the newest document."""
        try:
            newest = _document_in(self._ssm.get_parameter(Name=self._name, WithDecryption=True).get("Parameter"))
        except (ClientError, BotoCoreError) as error:
            return self._without_the_newest(self._not_read(_code(error))), False
        if newest is None:
            return self._without_the_newest(self._not_read(_MALFORMED)), False
        version, text = newest
        try:
            self._known = _known(version, text)
        except MalformedSettings as error:
            return self._while_invalid(text, problem=error.said), True
        return self._known.settings, True

    def _not_read(self, code: str) -> Message:
        return message("settings.not-read", code=code, parameter=self._name)

    def _while_invalid(self, text: str, *, problem: Message) -> OperatorSettings:
        """The last valid version, with what the newest document forbids; it is remembered for a failure of SSM."""
        try:
            valid = next(self._valid_versions(), self._known)
        except (ClientError, BotoCoreError) as error:
            valid = self._known
            problem = message("settings.no-history-either", problem=problem, code=_code(error))
        else:
            problem = problem if valid is not None else message("settings.no-valid-version", problem=problem)
        known = valid or _Known(version=None, settings=OperatorSettings())
        self._known = replace(known, settings=_lowered(known.settings, text))
        return self._closed(self._known, problem)

    def _without_the_newest(self, problem: Message) -> OperatorSettings:
        """The settings that this process knows, else the newest valid version of the history."""
        if self._known is None:
            try:
                self._known = next(self._valid_versions(), None)
            except (ClientError, BotoCoreError) as error:
                problem = message("settings.no-history", problem=problem, code=_code(error))
        return self._closed(self._known or _Known(version=None, settings=OperatorSettings()), problem)

    def _valid_versions(self) -> Iterator[_Known]:
        """The valid documents, newest first: SSM keeps the last hundred (SSM user guide, parameter versions)."""
        pages = self._ssm.get_paginator("get_parameter_history").paginate(Name=self._name, WithDecryption=True)
        found = (_document_in(parameter) for page in pages for parameter in page.get("Parameters") or ())
        versions = dict(each for each in found if each is not None)
        for version in sorted(versions, reverse=True):
            try:
                yield _known(version, versions[version])
            except MalformedSettings:
                continue

    def _closed(self, known: _Known, problem: Message) -> OperatorSettings:
        return replace(
            known.settings,
            fault=SettingsFault(parameter=self._name, problem=problem, version_in_force=known.version),
            closed_because=message("settings.parameter-unusable", parameter=self._name, problem=problem),
            repair_mode=RepairMode.OFF,
        )


def _document_in(parameter: object) -> tuple[int, str] | None:
    """The version and the document of a parameter; None if the answer does not have both."""
    if not isinstance(parameter, Mapping):
        return None
    version, text = parameter.get("Version"), parameter.get("Value")
    return (version, text) if isinstance(version, int) and isinstance(text, str) else None


def _known(version: int, text: str) -> _Known:
    """A version of the document; raises MalformedSettings."""
    return _Known(version=version, settings=replace(parse_settings(text), version=version))


def _lowered(valid: OperatorSettings, text: str) -> OperatorSettings:
    rules = dict(valid.rule_modes)
    for rule, mode in forbidden_by(text).items():
        rules[rule] = lower_rule_mode(mode, rules.get(rule))
    return replace(valid, rule_modes=rules)


def _code(error: ClientError | BotoCoreError) -> str:
    """The error's code. AWS's message may quote names and ARNs, which the reason contains anyway."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
