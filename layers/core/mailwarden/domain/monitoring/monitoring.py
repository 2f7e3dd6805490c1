"""The inputs of the self check: the trails that deliver a region's events, and the settings in effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.monitoring.trails import IAM, Trail
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.message import Message
from mailwarden.region_names import IAM_REGIONS

# CloudTrail record contents, eventSource; SES v1 and v2 share one.
_OF_EVERY_REGION = ("cognito-idp.amazonaws.com", "ses.amazonaws.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTrails:
    """The trails that a region sees, and the services whose calls have to be recorded there."""

    monitoring: MonitoringRef
    sources: tuple[str, ...]
    trails: tuple[Trail, ...] | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFault:
    """The error of the settings document, and the version that is in effect instead.

    ``version_in_force`` is None without a known valid version: then nothing is written.
    """

    parameter: str
    problem: Message
    version_in_force: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsReading:
    """The result of reading the settings; ``monitoring`` is that of the home region, where they are stored."""

    monitoring: MonitoringRef
    fault: SettingsFault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetQueue:
    """The repairs that wait because an hour's budget for the account is spent.

    ``number`` are different pools, ``since`` is the time of the first; ``goes_on_at`` is when the next hour begins.
    """

    number: int
    limit: int
    since: datetime
    goes_on_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetReading:
    """The queue of the account, or None; ``taken_at`` is the time of the reading."""

    monitoring: MonitoringRef
    queue: BudgetQueue | None
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRegions:
    """The regions that are not watched: those with user pools, and those that could not be listed.

    ``pools`` has the number of pools by region, up to 60.
    """

    monitoring: MonitoringRef
    pools: Mapping[str, int]
    unknown: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every region could be listed."""
        return not self.unknown


def sources_heard_in(region: str, *, watched: tuple[str, ...], partition: str) -> tuple[str, ...]:
    """The services whose calls have to be recorded in a region; IAM's only appear in one region of a partition."""
    everywhere = _OF_EVERY_REGION if region in watched else ()
    return (*everywhere, IAM) if region == IAM_REGIONS.get(partition) else everywhere


def regions_to_hear(watched: tuple[str, ...], *, partition: str) -> tuple[str, ...]:
    """The regions in which calls have to be recorded: the watched ones, and IAM's."""
    return tuple(dict.fromkeys((*watched, *((IAM_REGIONS[partition],) if partition in IAM_REGIONS else ()))))
