"""An alert: one message about an incident, as it is sent on every channel."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.culprits import culprits_of
from mailwarden.domain.incidents.incident import Incident, Occasion
from mailwarden.domain.incidents.share import root_cause_of
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.refs.root_causes import RootCause, key_of_cause

_ID_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPool:
    """A pool with its name, which is empty where it is not known."""

    ref: PoolRef
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The pools, counts and calls of an incident, as they were read for a message.

    ``pools`` are the first of ``pool_count`` concerned ones: of an incident that is over, those that were.
    ``all_pools`` counts those that were concerned since it opened. ``regions`` counts them by region, as far as they
    are listed, and ``groups`` by application, as far as that is known. ``using`` counts the pools that the reverse
    index knows to use what is broken; None where it knows nothing of it. ``repaired`` and ``resolved`` count findings
    that are over, and ``still_lost`` the pools among them that cannot send for another reason, ``unsure`` those of
    which that is unknown. ``moved``: another cause explains its findings now. ``culprits`` are the calls that could
    have done it, the latest first. ``subject_is_gone``: the subject does not exist any more, so its findings ended;
    ``pool_is_gone``: they ended because the pool was deleted.
    """

    pools: tuple[NamedPool, ...]
    pool_count: int
    all_pools: int
    regions: Mapping[str, int]
    using: int | None
    findings: int
    repaired: int
    resolved: int
    still_lost: int
    culprits: tuple[Cause, ...]
    subject_is_gone: bool = False
    unsure: int = 0
    moved: bool = False
    groups: Mapping[str, int] = field(default_factory=dict)
    pool_is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """An incident as a message reports it; ``at`` is when the message became due."""

    incident_id: str
    cause: RootCause
    occasion: Occasion
    version: int
    state: FindingState
    opened_at: datetime
    at: datetime
    extent: Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The record of the finding that speaks for its incident, and the incident.

    ``alert_id`` is the same for the same version of the same incident: a duplicate can be recognized by it.
    """

    alert_id: str
    record: FindingRecord
    report: IncidentReport

    @property
    def key(self) -> FindingKey:
        """Which finding speaks."""
        return self.record.key


def alert_of(record: FindingRecord, report: IncidentReport | None = None) -> Alert:
    """The alert of an incident; without a report, of a finding that is an incident of its own."""
    told = report or _alone(record)
    identity = f"{told.incident_id}|{told.version}"
    return Alert(alert_id=_digest(identity), record=record, report=told)


def report_of(incident: Incident, extent: Extent) -> IncidentReport:
    """The report of an incident for a message."""
    return IncidentReport(
        incident_id=incident_id_of(incident.cause),
        cause=incident.cause,
        occasion=Occasion.OPENED if incident.claim is None else incident.claim.occasion,
        version=incident.version,
        state=incident.state,
        opened_at=incident.opened_at,
        at=incident.changed_at if incident.claim is None else incident.claim.at,
        extent=extent,
    )


def incident_id_of(cause: RootCause) -> str:
    """The id of a cause's incident; a cause that returns keeps it and continues its versions."""
    return _digest(key_of_cause(cause))


def _alone(record: FindingRecord) -> IncidentReport:
    lifecycle, seen = record.lifecycle, None if record.seen.pool is None else record.seen.pool.arn
    pools = tuple(
        NamedPool(ref=PoolRef.from_arn(arn), name=record.seen.pool_name if arn == seen else "")
        for arn in sorted(lifecycle.affected)
        if ":userpool/" in arn
    )
    cause = root_cause_of(record.finding)
    return IncidentReport(
        incident_id=incident_id_of(cause),
        cause=cause,
        occasion=Occasion.ENDED if lifecycle.is_over else Occasion.OPENED,
        version=lifecycle.version,
        state=lifecycle.state,
        opened_at=lifecycle.opened_at,
        at=lifecycle.changed_at,
        extent=Extent(
            pools=pools,
            pool_count=len(pools) + lifecycle.others,
            all_pools=len(pools) + lifecycle.others,
            regions={},
            using=None,
            findings=1,
            repaired=int(lifecycle.state is FindingState.REPAIRED),
            resolved=int(lifecycle.state is FindingState.RESOLVED),
            still_lost=0,
            culprits=culprits_of(record, cause),
        ),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]
