"""The operator's settings document in SSM; whatever is wrong with it, the answer is settings that write nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.settings import MalformedSettings, OperatorSettings, parse_settings

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

# An emergency change of RepairMode must be in force within a minute.
_MAX_AGE_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class SettingsParameter:
    """Reads the parameter *name*, at most once a minute; without a name the built-in values hold."""

    ssm: "SSMClient"
    name: str
    monotonic: Callable[[], float]
    _known: OperatorSettings | None = field(default=None, init=False)
    _read_at: float = field(default=0.0, init=False)

    def current(self) -> OperatorSettings:
        """The settings in force. A document that cannot be read or is not valid closes everything to writing."""
        if not self.name:
            return OperatorSettings()
        if self._known is None or self.monotonic() - self._read_at >= _MAX_AGE_SECONDS:
            self._known = self._read()
            self._read_at = self.monotonic()
        return self._known

    def _read(self) -> OperatorSettings:
        try:
            answer = self.ssm.get_parameter(Name=self.name, WithDecryption=True)
            return parse_settings(answer["Parameter"].get("Value", ""))
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            return _closed(f"{code}: ssm:GetParameter {self.name}")
        except BotoCoreError as error:
            return _closed(f"{type(error).__name__}: ssm:GetParameter {self.name}")
        except MalformedSettings as error:
            return _closed(f"parameter {self.name}: {error}")


def _closed(because: str) -> OperatorSettings:
    return replace(OperatorSettings(), closed_because=because)
