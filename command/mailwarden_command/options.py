"""The words of the command line, as they are checked before anything is read."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailwarden_command.audit.wanted import Wanted

if TYPE_CHECKING:
    from mailwarden.domain.repair.limits import RepairMode


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """Those of ``mailwarden audit``."""

    wanted: Wanted
    profile: str | None
    region: str | None
    roles: tuple[str, ...]
    external_id: str | None
    organization: bool
    role_name: str | None
    settings: Path | None
    state: Path | None
    record: Path | None
    output: str
    language: str
    to: Path | None
    fail_on: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """Those of ``mailwarden replay``."""

    event: Path
    state: Path | None
    record: Path | None
    regions: tuple[str, ...]
    profile: str | None
    region: str | None
    settings: Path | None
    mode: "RepairMode"
    as_json: bool
    share: float
