"""What our own watch of a region rests on: the trails that deliver events, and the settings in force."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFault:
    """What is wrong with the settings document, and which version holds instead.

    ``version_in_force`` is None where no valid version is known: then nothing is written.
    """

    parameter: str
    problem: str
    version_in_force: int | None
