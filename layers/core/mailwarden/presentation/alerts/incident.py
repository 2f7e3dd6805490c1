"""The incident of an alert as it may be shown: bounded, masked, and the same on every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.documents.reader import Members
from mailwarden.domain.incidents.alert import IncidentReport, NamedPool
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.refs.causes import Cause, cause_document, cause_from
from mailwarden.domain.refs.references import reference_in, root_cause_in
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
    subject_from_arn,
)
from mailwarden.domain.refs.root_causes import (
    AccountTrails,
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    OwnState,
    RootCause,
    SameCalls,
    SendingPolicies,
    key_of_cause,
)
from mailwarden.masking import masked
from mailwarden.presentation.masking import one_line, shown_cause

_NAMED = 10
_NAME = 128
_REGIONS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownIncident:
    """The incident of a notice; its members are as in ``IncidentReport`` and ``Extent``.

    ``pools`` are the first ten. ``all_pools`` counts those that were concerned since it opened.
    """

    incident_id: str
    cause: RootCause
    occasion: Occasion
    opened_at: datetime
    at: datetime
    pools: tuple[NamedPool, ...]
    regions: Mapping[str, int]
    using: int | None
    findings: int
    all_pools: int
    repaired: int
    resolved: int
    still_lost: int
    culprits: tuple[Cause, ...]
    subject_is_gone: bool = False
    unsure: int = 0
    moved: bool = False
    groups: Mapping[str, int] = field(default_factory=dict)
    pool_is_gone: bool = False


def shown_incident(report: IncidentReport) -> ShownIncident:
    """Make the incident of an alert fit to be shown."""
    extent = report.extent
    return ShownIncident(
        incident_id=report.incident_id,
        cause=report.cause,
        occasion=report.occasion,
        opened_at=report.opened_at,
        at=report.at,
        pools=tuple(NamedPool(ref=pool.ref, name=one_line(masked(pool.name), _NAME)) for pool in extent.pools[:_NAMED]),
        regions=dict(list(extent.regions.items())[:_REGIONS]),
        using=extent.using,
        findings=extent.findings,
        all_pools=extent.all_pools,
        repaired=extent.repaired,
        resolved=extent.resolved,
        still_lost=extent.still_lost,
        culprits=tuple(map(shown_cause, extent.culprits)),
        subject_is_gone=extent.subject_is_gone,
        unsure=extent.unsure,
        moved=extent.moved,
        groups={one_line(masked(group), _NAME): count for group, count in extent.groups.items()},
        pool_is_gone=extent.pool_is_gone,
    )


def incident_document(incident: ShownIncident) -> Mapping[str, object]:
    """The incident as a member of the document; ``incident_from`` reads it back."""
    subject = subject_of_cause(incident.cause)
    return {
        "id": incident.incident_id,
        "cause": {
            "kind": kind_of_cause(incident.cause),
            "key": key_of_cause(incident.cause),
            "subject": None if subject is None else subject.arn,
        },
        "occasion": incident.occasion.value,
        "opened_at": incident.opened_at.isoformat(),
        "at": incident.at.isoformat(),
        "pools": [{"arn": pool.ref.arn, "id": pool.ref.pool_id, "name": pool.name} for pool in incident.pools],
        "regions": dict(incident.regions),
        "applications": dict(incident.groups),
        "using": incident.using,
        "all_pools": incident.all_pools,
        "findings": {"open": incident.findings, "repaired": incident.repaired, "resolved": incident.resolved},
        "still_lost": incident.still_lost,
        "unsure": incident.unsure,
        "subject_is_gone": incident.subject_is_gone,
        "pool_is_gone": incident.pool_is_gone,
        "moved": incident.moved,
        "culprits": [cause_document(call) for call in incident.culprits],
    }


def incident_from(members: Members) -> ShownIncident:
    """Read the member back; raises MalformedDocument."""
    findings = members.members("findings")
    return ShownIncident(
        incident_id=members.text("id"),
        cause=root_cause_in(members.members("cause"), "key"),
        occasion=members.choice("occasion", Occasion),
        opened_at=members.time("opened_at"),
        at=members.time("at"),
        pools=tuple(
            NamedPool(ref=reference_in(pool, "arn", PoolRef), name=pool.text("name"))
            for pool in members.list_of_members("pools")
        ),
        regions=members.numbers_by_name("regions"),
        using=members.optional_number("using"),
        findings=findings.number("open"),
        all_pools=members.number("all_pools"),
        repaired=findings.number("repaired"),
        resolved=findings.number("resolved"),
        still_lost=members.number("still_lost"),
        culprits=tuple(map(cause_from, members.list_of_members("culprits"))),
        subject_is_gone=members.flag("subject_is_gone"),
        # Alerts that an earlier version queued have none of these.
        unsure=members.optional_number("unsure") or 0,
        moved=members.flag("moved"),
        groups=members.numbers_by_name("applications") if members.has("applications") else {},
        pool_is_gone=members.flag("pool_is_gone"),
    )


def kind_of_cause(cause: RootCause) -> str:
    """The kind of a root cause, by which subscribers filter."""
    match cause:
        case IdentityState():
            return "identity"
        case SendingPolicies():
            return "policies"
        case EmailRole():
            return "service role"
        case ConfigurationSetState():
            return "configuration set"
        case AccountTrails():
            return "trail"
        case SameCalls():
            return "calls"
        case Fight():
            return "fight"
        case OwnState(finding=finding):
            return _kind_of_subject(subject_from_arn(finding.subject_arn))


def subject_of_cause(cause: RootCause) -> Subject | None:
    """The subject that a root cause is about; None for the role, the trails and the calls of an account."""
    match cause:
        case IdentityState(identity=identity) | SendingPolicies(identity=identity):
            return identity
        case ConfigurationSetState(configuration_set=ref):
            return ref
        case OwnState(finding=finding):
            return subject_from_arn(finding.subject_arn)
        case Fight(over=over):
            return subject_of_cause(over)
        case EmailRole() | AccountTrails() | SameCalls():
            return None


def role_of_cause(cause: RootCause) -> EmailRole | None:
    """The account's role, where it is what is broken or fought over."""
    match cause:
        case (EmailRole() as role) | Fight(over=EmailRole() as role):
            return role
        case _:
            return None


def _kind_of_subject(subject: Subject) -> str:
    match subject:
        case PoolRef():
            return "pool"
        case IdentityRef():
            return "identity"
        case ConfigurationSetRef():
            return "configuration set"
        case SesAccountRef():
            return "account"
        case MonitoringRef():
            return "monitoring"
