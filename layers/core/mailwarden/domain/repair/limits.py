"""How much Mailwarden is allowed to write: by the deployment, and by the operator's settings for each rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailwarden.message import Message, message


class RepairMode(StrEnum):
    """How much the deployment lets itself do: nothing (shadow), safe fixes, or unsafe ones too."""

    OFF = "off"
    SAFE = "safe"
    UNSAFE = "unsafe"


class RuleMode(StrEnum):
    """What the operator's settings let one rule do."""

    OFF = "off"
    REPORT = "report"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An operator stopped all repairs."""

    by: str
    since: datetime

    @property
    def message(self) -> Message:
        """Who stopped them, and since when."""
        return message("decision.stopped", by=self.by, since=self.since.isoformat(timespec="minutes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed now. Without any word from the operator: nothing is written.

    ``stop`` is the emergency stop. ``closed_because`` is set when the settings could not be read or are not valid: then
    everything is report-only.
    """

    repair_mode: RepairMode = RepairMode.OFF
    rule_modes: Mapping[str, RuleMode] = field(default_factory=dict)
    closed_because: Message | None = None
    stop: Stop | None = None

    def mode_of(self, rule_id: str) -> RuleMode:
        """The mode of one rule; a rule nobody mentions may repair as far as ``repair_mode`` lets it."""
        return self.rule_modes.get(rule_id, RuleMode.REPAIR)
