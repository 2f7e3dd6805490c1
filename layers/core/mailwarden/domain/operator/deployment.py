"""The state of a deployment as its functions know it, which no call of an operator returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.repair.limits import RepairMode, Stop
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsInEffect:
    """The settings document in effect; ``parameter`` is empty for none.

    ``problem`` is the error of a newer version that is not in effect. ``consents`` are the identities that it opens: by
    ARN ``account`` or pool ids. ``repair_mode`` is the lower one of the document's and the stack's. ``slack_channels``
    are the channels of its routes.
    """

    parameter: str
    version: int | None
    problem: Message | None
    repair_mode: RepairMode
    consents: Mapping[str, tuple[str, ...]]
    slack_channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentState:
    """``swept_at`` has the end of the last complete sweep by region; ``sdk`` is the version of botocore."""

    at: datetime
    settings: SettingsInEffect
    stop: Stop | None
    swept_at: Mapping[str, datetime | None]
    sdk: str
