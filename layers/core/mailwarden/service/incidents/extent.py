"""Reads the extent of an incident for one message: pools by name, their number, and the calls that may be the cause."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailwarden.domain.findings.application_tags import group_of
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, LastWrite
from mailwarden.domain.incidents.alert import Extent, NamedPool
from mailwarden.domain.incidents.culprits import culprits_of
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import GONE, Member
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef, subject_from_arn
from mailwarden.domain.refs.root_causes import shared_subject
from mailwarden.message import message
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.incidents.incidents import Incidents
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse

# As many pools as the topic's document lists.
_LISTED = 50
_CULPRITS, _GROUPS = 5, 20
_MOVED = message("incident.moved")
_IDENTITY_MISSING = "MW301"
# Whether an identity is verified is one incident with whether it exists.
_STATES_OF_IDENTITIES = frozenset({_IDENTITY_MISSING, "MW302"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleFinding:
    """A finding is no longer as the incident has it: it must be taken in before the incident is announced."""

    key: FindingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtentReader:
    """Reads the extent of incidents; the number of reads is bounded, whatever the number of pools."""

    findings: Findings
    incidents: Incidents
    looks: Looks
    resources_in_use: ResourcesInUse

    def read(self, incident: Incident) -> tuple[FindingRecord, Extent] | StaleFinding | None:
        """The finding that speaks for the incident, in its state, and the extent; None if no finding of it is left."""
        is_open = incident.state is FindingState.OPEN
        members = self.incidents.members(incident, is_open=is_open, most=_LISTED)
        lead = self._lead(members if is_open else _rule_of_the_end_first(members), incident.state)
        if lead is None or isinstance(lead, StaleFinding):
            return lead
        if not is_open:
            lead = self._judged_last(lead, members)
        gone = 0 if is_open else incident.ended.get(GONE, 0)
        using = self._using(incident)
        pools = self._pools(members, lead.lifecycle.affected if is_open else incident.listed)
        counted = incident.regions if is_open else incident.all_regions
        # Of something shared, the finding may affect pools that the incident has not counted yet.
        found = max(incident.pools, len(pools)) if is_open else 0
        return lead, Extent(
            pools=pools[:_LISTED],
            # A pool that was deleted does not send again.
            pool_count=found if is_open else (incident.all_pools - gone or incident.all_pools),
            all_pools=max(incident.all_pools, found),
            regions=dict(counted) or _regions(members, pools),
            using=None if using is None else len(using),
            findings=incident.open_count,
            repaired=incident.ended.get(FindingState.REPAIRED, 0),
            resolved=incident.ended.get(FindingState.RESOLVED, 0),
            still_lost=incident.still_lost or (0 if is_open or counted else self._judged(pools, Answer.NO)),
            culprits=culprits_of(lead, incident.cause)[:_CULPRITS],
            subject_is_gone=not is_open and self._is_gone(lead.finding),
            pool_is_gone=not is_open and lead.seen.pool_is_gone,
            groups=self._groups(incident, pools, is_open=is_open),
            moved=lead.finding.message == _MOVED,
            unsure=incident.unsure or (0 if is_open or counted else self._judged(pools, Answer.UNKNOWN)),
        )

    def _lead(self, members: Iterable[Member], state: FindingState) -> FindingRecord | StaleFinding | None:
        """The first finding that is open as its incident is, or over: one of a moment ago may not be taken in yet."""
        stale: StaleFinding | None = None
        for member in members:
            record = self.findings.read(member.key)
            if record is None:
                continue
            is_open = record.lifecycle.state is FindingState.OPEN
            if is_open is (state is FindingState.OPEN):
                return _in_state(record, state)
            if is_open and self.incidents.member(member.key) != member:
                return _moved(record, state)
            stale = stale or StaleFinding(key=member.key)
        return stale

    def _judged_last(self, lead: FindingRecord, members: Iterable[Member]) -> FindingRecord:
        """The finding with the verdict of the one about the same pool that ended last."""
        last = max(members, key=lambda member: member.share.due)
        record = None if last.key == lead.key else self.findings.read(last.key)
        if record is None or record.seen.pool != lead.seen.pool or record.lifecycle.state is FindingState.OPEN:
            return lead
        return replace(lead, seen=replace(lead.seen, verdict=record.seen.verdict, deciding=record.seen.deciding))

    def _groups(self, incident: Incident, pools: tuple[NamedPool, ...], *, is_open: bool) -> dict[str, int]:
        """The concerned pools by application; of something shared, those of the listed pools."""
        counted = incident.groups if is_open else incident.all_groups
        if counted or incident.all_regions:
            return dict(counted)
        looks = self.looks.last_of([pool.ref for pool in pools]) if pools else {}
        found = Counter(group for look in looks.values() if (group := group_of(look.application)))
        return dict(found.most_common(_GROUPS))

    def _using(self, incident: Incident) -> tuple[PoolRef, ...] | None:
        subject = shared_subject(incident.cause)
        return None if subject is None else self.resources_in_use.pools_using(subject)

    def _pools(self, members: Iterable[Member], arns: Iterable[str]) -> tuple[NamedPool, ...]:
        """The pools that findings are about, with their names; of something shared, those with these ARNs."""
        own = {pool: member.share.pool_name for member in members if (pool := _pool_in(member.key.subject_arn))}
        if own:
            return tuple(NamedPool(ref=pool, name=name) for pool, name in own.items())
        some = tuple(pool for arn in sorted(arns) if (pool := _pool_in(arn)))[:_LISTED]
        looks = self.looks.last_of(some) if some else {}
        return tuple(NamedPool(ref=pool, name=looks[pool].pool_name if pool in looks else "") for pool in some)

    def _is_gone(self, finding: Finding) -> bool:
        """Whether the identity that the finding is about is known not to exist."""
        if not isinstance(finding.subject, IdentityRef) or finding.rule_id in _STATES_OF_IDENTITIES:
            return False
        missing = self.findings.read(FindingKey(subject_arn=finding.subject.arn, rule_id=_IDENTITY_MISSING))
        return missing is not None and missing.lifecycle.state is FindingState.OPEN

    def _judged(self, pools: tuple[NamedPool, ...], answer: Answer) -> int:
        looks = self.looks.last_of([pool.ref for pool in pools]) if pools else {}
        return sum(look.answer is answer for look in looks.values())


def _rule_of_the_end_first(members: tuple[Member, ...]) -> tuple[Member, ...]:
    """The findings of the rule that ended last, of those that ended alike: the last message was about it.

    A finding about a pool of which another one ended later comes behind those that were the last of their pools.
    """
    if not members:
        return members
    ends = sorted(members, key=lambda member: member.share.due)
    last = {member.key.subject_arn: member.key for member in ends}
    alike = [member for member in ends if member.share.end == members[0].share.end]
    rule_id = max(alike, key=lambda member: member.share.due).key.rule_id
    return tuple(
        sorted(
            members,
            key=lambda member: (
                member.share.end != members[0].share.end,
                member.key != last[member.key.subject_arn],
                member.key.rule_id != rule_id,
            ),
        )
    )


def _in_state(record: FindingRecord, state: FindingState) -> FindingRecord:
    return replace(record, lifecycle=replace(record.lifecycle, state=state))


def _moved(record: FindingRecord, state: FindingState) -> FindingRecord:
    """A finding that is open in another incident: its texts are about the other cause."""
    finding = replace(record.finding, message=_MOVED, evidence={}, fix=None)
    return _in_state(replace(record, finding=finding, write=LastWrite(handling=Handling.WITHHELD)), state)


def _pool_in(arn: str) -> PoolRef | None:
    try:
        return PoolRef.from_arn(arn)
    except NotASubject:
        return None


def _regions(members: Iterable[Member], pools: Iterable[NamedPool]) -> dict[str, int]:
    """The regions of the listed pools, else of what the findings are about, as of the monitoring of regions."""
    of_pools = [pool.ref.region for pool in pools]
    found = of_pools or [subject_from_arn(member.key.subject_arn).region for member in members]
    return dict(sorted(Counter(found).items()))
