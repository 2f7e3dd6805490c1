"""How the shares of findings become an incident; pure, so that every order can be tested."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Member, Share, moved_away, worst_first
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause

type Siblings = Mapping[str, Mapping[str, Member]]
"""By pool, the last membership of other findings about it, by rule: a pool counts once, whatever is found of it."""

# As many pools as the document of an alert lists.
_LISTED = 50
# Of so many incidents that a finding left it is known how it stays in them.
_FORMER = 5
# Of so many applications the pools are counted.
_GROUPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """A finding's share before and after; None before where the finding was in no incident.

    ``left``: as it stays in the incident that it left for another one, while it was open. ``returned``: as it stayed in
    this one until it returned.
    """

    before: Member | None
    after: Member
    left: Member | None = None
    returned: Member | None = None

    def leaving(self, row: Member | None) -> "MemberChange":
        """The change of a finding that stays in another incident as *row*."""
        if row is None:
            return self
        former = (*self.after.former, row)[-_FORMER:]
        return replace(self, left=row, after=replace(self.after, former=former))


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The incident after some shares changed, and the changes that it took in."""

    incident: Incident
    changes: tuple[MemberChange, ...]


def fold(
    incident: Incident | None,
    cause: RootCause,
    shares: Mapping[FindingKey, tuple[Member | None, Share]],
    *,
    at: datetime,
    siblings: Siblings | None = None,
) -> Folded | None:
    """Take in the new shares of findings, each with its last membership; None if nothing changes.

    *siblings*: other findings about the same pools. A closed incident opens in its next generation with the next
    finding that is news.
    """
    changes: list[MemberChange] = []
    current = incident
    known = {pool: dict(of_pool) for pool, of_pool in (siblings or {}).items()}
    # An earlier version sent no end when all findings had become exempt: its incident is over all the same.
    is_over = incident is not None and not incident.open_count and incident.attention is None
    for key, (before, share) in shares.items():
        inside = _inside(before, cause, current)
        beside = _beside(known, key, cause, current)
        share = _grouped(share, inside, beside, current)  # noqa: PLW2901 - as it is counted
        if inside is not None and inside.share == share:
            continue
        if not share.is_open and not share.has_news_of_its_end and (inside is None or not inside.share.is_open):
            continue
        is_new = inside is None or inside.share.version != share.version
        if current is None or (is_new and (current.is_closed or (is_over and current is incident))):
            current, inside, beside = _opened(current, cause, share, at=at), None, ()
        former = () if before is None else tuple(each for each in before.former if each is not inside)
        after = Member(key=key, cause=cause, generation=current.generation, share=share, former=former)
        current = _counted(current, key, None if inside is None else inside.share, share, beside, at=at)
        known.setdefault(key.subject_arn, {})[key.rule_id] = after
        returned = None if inside is before else inside
        changes.append(MemberChange(before=before, after=after, returned=returned))
    if current is None or not changes:
        return None
    revision = 1 if incident is None else incident.revision + 1
    return Folded(incident=replace(current, revision=revision), changes=tuple(changes))


def _beside(siblings: Siblings, key: FindingKey, cause: RootCause, incident: Incident | None) -> tuple[Share, ...]:
    """The shares of the other findings about the same pool in the incident."""
    others = siblings.get(key.subject_arn, {})
    found = (_inside(member, cause, incident) for rule_id, member in others.items() if rule_id != key.rule_id)
    return tuple(member.share for member in found if member is not None)


def _grouped(share: Share, inside: Member | None, beside: tuple[Share, ...], incident: Incident | None) -> Share:
    """The share in the group in which it is counted: the first one of its pool, of a bounded number."""
    if inside is not None or beside:
        return replace(share, group=beside[0].group if inside is None else inside.share.group)
    known = {} if incident is None else incident.all_groups
    return share if share.group in known or len(known) < _GROUPS else replace(share, group="")


def leave(
    incident: Incident, member: Member, *, at: datetime, siblings: Siblings | None = None
) -> tuple[Incident, Member]:
    """The incident without an open finding that another cause explains now, and the finding as it stays in it."""
    left = replace(member, share=moved_away(member.share), former=())
    beside = _beside(siblings or {}, member.key, incident.cause, incident)
    after = _counted(incident, member.key, member.share, left.share, beside, at=at)
    return replace(after, revision=incident.revision + 1), left


def _inside(member: Member | None, cause: RootCause, incident: Incident | None) -> Member | None:
    """The finding as it is counted in the incident: as it is in it, or as it stays in it after it left."""
    if member is None or incident is None:
        return None
    here = (cause, incident.generation)
    return next((each for each in (member, *member.former) if (each.cause, each.generation) == here), None)


def _opened(before: Incident | None, cause: RootCause, share: Share, *, at: datetime) -> Incident:
    return Incident(
        cause=cause,
        generation=1 if before is None else before.generation + 1,
        revision=0 if before is None else before.revision,
        version=0 if before is None else before.version,
        announced={} if before is None else before.announced,
        opened_at=at,
        changed_at=at,
        attention=share.due,
        last_end=None if before is None else before.claim,
    )


def _counted(
    incident: Incident,
    key: FindingKey,
    before: Share | None,
    after: Share,
    beside: tuple[Share, ...],
    *,
    at: datetime,
) -> Incident:
    """The incident with *after* in the place of *before*; *beside* are the other findings about the same pool."""
    was, now = _open_texts(before), _open_texts(after)
    pool_was, pool_is = _pool_of(before, *beside), _pool_of(after, *beside)
    is_new_pool = before is None and not beside
    name = f"{key.rule_id} {key.subject_arn}"
    shared = {other: count for other, count in incident.shared.items() if other != name}
    if after.is_open and after.region is None:
        shared[name] = after.pools
    return replace(
        incident,
        changed_at=max(at, incident.changed_at),
        dues={} if incident.told else _moved(incident.dues, was.due, now.due),
        end_dues=_moved(incident.end_dues, _waits_for(before), _waits_for(after)),
        attention=after.due if incident.attention is None else min(incident.attention, after.due),
        ranks=_moved(incident.ranks, was.rank, now.rank),
        phases=_moved(incident.phases, was.phase, now.phase),
        leads=_moved(incident.leads, _lead(key, before), _lead(key, after)),
        regions=_moved(incident.regions, pool_was.region, pool_is.region),
        all_regions=_moved(incident.all_regions, "", after.region or "" if is_new_pool else ""),
        groups=_moved(incident.groups, pool_was.group, pool_is.group),
        all_groups=_moved(incident.all_groups, "", after.group if is_new_pool else ""),
        shared=shared,
        most_shared=max(incident.most_shared, 0 if after.region else after.pools),
        listed=tuple(dict.fromkeys((*incident.listed, *after.listed)))[:_LISTED],
        ended=_moved(incident.ended, "" if before is None else before.end, after.end),
        still_lost=incident.still_lost - int(pool_was.lost) + int(pool_is.lost),
        unsure=incident.unsure - int(pool_was.unsure) + int(pool_is.unsure),
        members=incident.members + int(before is None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The texts by which an open finding is counted; empty for one that is over."""

    rank: str = ""
    phase: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CountedPool:
    """How a pool is counted: by region and group while any finding about it is open, else by the last verdict."""

    region: str = ""
    group: str = ""
    lost: bool = False
    unsure: bool = False


def _pool_of(*shares: Share | None) -> _CountedPool:
    known = [share for share in shares if share is not None]
    still_open = next((share for share in known if share.is_open), None)
    if still_open is not None:
        return _CountedPool(region=still_open.region or "", group=still_open.group)
    last = max(known, key=lambda share: share.due, default=None)
    return _CountedPool() if last is None else _CountedPool(lost=last.still_lost, unsure=last.unsure)


def _lead(key: FindingKey, share: Share | None) -> str:
    """By what the worst open finding is the first of all; empty for one that is over."""
    return f"{worst_first(share.rank)} {key.rule_id}" if share is not None and share.is_open else ""


def _open_texts(share: Share | None) -> _Counted:
    if share is None or not share.is_open:
        return _Counted()
    return _Counted(
        rank=share.rank,
        phase=share.phase,
        due=_second(share.due),
    )


def _waits_for(share: Share | None) -> str:
    """The second until which the end of a finding waits; empty where it does not wait.

    A finding that is over before it was announced waits, too: its outcome is news, and the end that others have in the
    incident would count its pool once more.
    """
    return _second(share.due) if share is not None and share.end and share.waits else ""


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _moved(counts: Mapping[str, int], fewer: str, more: str) -> dict[str, int]:
    """The counts with one less of *fewer* and one more of *more*; an empty text counts nothing."""
    counted = Counter(counts)
    counted[fewer] -= 1
    counted[more] += 1
    return {name: count for name, count in sorted(counted.items()) if name and count > 0}
