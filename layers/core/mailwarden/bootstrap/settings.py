"""The operator's settings: they are asked for with each invocation, and are at most a minute old."""

import time
from functools import cache
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.clients import READING
from mailwarden.bootstrap import container
from mailwarden.settings.operator_settings import OperatorSettings

if TYPE_CHECKING:
    from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter


@cache
def _parameter() -> "SettingsParameter":
    # The validator is a tenth of a cold start: a stack without a settings document does without it.
    from mailwarden.adapters.aws.ssm.settings_parameter import SettingsParameter  # noqa: PLC0415

    return SettingsParameter(
        ssm=container.session().client("ssm", config=READING),
        name=container.environment().settings_parameter,
        monotonic=time.monotonic,
    )


def settings_in_force() -> OperatorSettings:
    """The operator's settings in effect now."""
    return _parameter().current() if container.environment().settings_parameter else OperatorSettings()


def connect_settings() -> None:
    """Create what reads the settings document, if there is one; it is not read yet."""
    if container.environment().settings_parameter:
        _parameter()
