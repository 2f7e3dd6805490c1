"""SES configuration sets."""

from typing import Protocol

from mailwarden.domain.readings import ConfigurationSetReading
from mailwarden.domain.refs.resources import ConfigurationSetRef


class ConfigurationSets(Protocol):
    """Reads SES configuration sets."""

    def read(self, configuration_set: ConfigurationSetRef, /, *, fresh: bool) -> ConfigurationSetReading:
        """One set with its event destinations; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...
