"""How the shares of findings become an incident; pure, so that every order can be tested."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Member, Share, moved_away
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.root_causes import RootCause

# As many pools as the document of an alert lists.
_LISTED = 50
# Of so many applications the pools are counted.
_GROUPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """A finding's share before and after; None before where the finding was in no incident.

    ``left``: as it stays in the incident that it left for another one, while it was open.
    """

    before: Member | None
    after: Member
    left: Member | None = None


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
) -> Folded | None:
    """Take in the new shares of findings, each with its last membership; None if nothing changes.

    A closed incident opens in its next generation with the next finding that is news.
    """
    changes: list[MemberChange] = []
    current = incident
    # An earlier version sent no end when all findings had become exempt: its incident is over all the same.
    is_over = incident is not None and not incident.open_count and incident.attention is None
    for key, (before, share) in shares.items():
        inside = before if before is not None and current is not None and _is_inside(before, cause, current) else None
        share = _grouped(share, inside, current)  # noqa: PLW2901 - as it is counted
        if inside is not None and inside.share == share:
            continue
        if not share.is_open and not share.has_news_of_its_end and (inside is None or not inside.share.is_open):
            continue
        is_new = inside is None or inside.share.version != share.version
        if current is None or (is_new and (current.is_closed or (is_over and current is incident))):
            current, inside = _opened(current, cause, share, at=at), None
        after = Member(key=key, cause=cause, generation=current.generation, share=share)
        current = _counted(current, key, None if inside is None else inside.share, share, at=at)
        changes.append(MemberChange(before=before, after=after))
    if current is None or not changes:
        return None
    revision = 1 if incident is None else incident.revision + 1
    return Folded(incident=replace(current, revision=revision), changes=tuple(changes))


def _grouped(share: Share, inside: Member | None, incident: Incident | None) -> Share:
    """The share in the group in which it is counted: the first one, of a bounded number."""
    if inside is not None:
        return replace(share, group=inside.share.group)
    known = {} if incident is None else incident.all_groups
    return share if share.group in known or len(known) < _GROUPS else replace(share, group="")


def leave(incident: Incident, member: Member, *, at: datetime) -> tuple[Incident, Member]:
    """The incident without an open finding that another cause explains now, and the finding as it stays in it."""
    left = replace(member, share=moved_away(member.share))
    after = _counted(incident, member.key, member.share, left.share, at=at)
    return replace(after, revision=incident.revision + 1), left


def _is_inside(member: Member, cause: RootCause, incident: Incident) -> bool:
    return member.cause == cause and member.generation == incident.generation


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


def _counted(incident: Incident, key: FindingKey, before: Share | None, after: Share, *, at: datetime) -> Incident:
    """The incident with *after* in the place of *before*."""
    was, now = _open_texts(before), _open_texts(after)
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
        regions=_moved(incident.regions, was.region, now.region),
        all_regions=_moved(incident.all_regions, "", after.region or "" if before is None else ""),
        groups=_moved(incident.groups, was.group, now.group),
        all_groups=_moved(incident.all_groups, "", after.group if before is None else ""),
        shared=shared,
        most_shared=max(incident.most_shared, 0 if after.region else after.pools),
        listed=tuple(dict.fromkeys((*incident.listed, *after.listed)))[:_LISTED],
        ended=_moved(incident.ended, "" if before is None else before.end, after.end),
        still_lost=incident.still_lost - int(before is not None and before.still_lost) + int(after.still_lost),
        unsure=incident.unsure - int(before is not None and before.unsure) + int(after.unsure),
        members=incident.members + int(before is None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The texts by which an open finding is counted; empty for one that is over."""

    rank: str = ""
    phase: str = ""
    region: str = ""
    due: str = ""
    group: str = ""


def _open_texts(share: Share | None) -> _Counted:
    if share is None or not share.is_open:
        return _Counted()
    return _Counted(
        rank=share.rank,
        phase=share.phase,
        region=share.region or "",
        due=_second(share.due),
        group=share.group,
    )


def _waits_for(share: Share | None) -> str:
    """The second until which the end of a finding waits; empty where it does not wait."""
    return _second(share.due) if share is not None and share.end and share.is_news and share.waits else ""


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _moved(counts: Mapping[str, int], fewer: str, more: str) -> dict[str, int]:
    """The counts with one less of *fewer* and one more of *more*; an empty text counts nothing."""
    counted = Counter(counts)
    counted[fewer] -= 1
    counted[more] += 1
    return {name: count for name, count in sorted(counted.items()) if name and count > 0}
