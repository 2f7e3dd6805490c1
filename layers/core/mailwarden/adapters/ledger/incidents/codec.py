"""Incidents and their members ⇄ items of the ledger table."""

from collections.abc import Mapping
from datetime import timedelta

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, sortable
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.incident import Claim, Incident, Occasion
from mailwarden.domain.incidents.share import Burst, Member, Share, worst_first
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.references import root_cause_in
from mailwarden.domain.refs.root_causes import RootCause, SameCalls, key_of_cause

INCIDENT = "INCIDENT"
DUE = "incident"
OVER = "incident over"
"""In the place of DUE, with the time of its end: an incident that is over, and about which nothing is due."""
_OVER_FOR = timedelta(days=90)
_ENDS = {"repaired": "1", "resolved": "2", "gone": "2b", "moved": "2c", "exempt": "2d", "silent": "3"}


def incident_key(cause: RootCause) -> str:
    """The partition of an incident and its members."""
    return f"INCIDENT#{key_of_cause(cause)}"


def member_key(key: FindingKey) -> tuple[str, str]:
    """Where it is kept which incident a finding is in."""
    return f"MEMBER#{key.subject_arn}", key.rule_id


def row_prefix(generation: int, *, is_open: bool) -> str:
    """With what the sort keys of the open members of a generation begin, or of those that are over."""
    return f"{generation:08}#{'OPEN' if is_open else 'OVER'}#"


def row_of(member: Member) -> str:
    """The sort key of a member among the others of its incident: the worst first."""
    share = member.share
    order = worst_first(share.rank) if share.is_open else _ENDS[share.end]
    return (
        f"{row_prefix(member.generation, is_open=share.is_open)}{order}#{member.key.rule_id}#{member.key.subject_arn}"
    )


def incident_item(incident: Incident, *, channels: tuple[str, ...]) -> Item:
    """An incident as an item; ``incident_from`` reads it back.

    It is in the index ``awaiting`` as due while it may need a word, which an open one always may, and then as over.
    """
    attention = incident.attention
    if incident.is_behind(channels):
        attention = incident.changed_at if attention is None else min(attention, incident.changed_at)
    return item_of(
        incident_key(incident.cause),
        INCIDENT,
        {
            "cause": key_of_cause(incident.cause),
            "generation": incident.generation,
            "revision": incident.revision,
            "version": incident.version,
            "opened_at": sortable(incident.opened_at),
            "changed_at": sortable(incident.changed_at),
            "dues": dict(incident.dues),
            "end_dues": dict(incident.end_dues),
            "ranks": dict(incident.ranks),
            "leads": dict(incident.leads),
            "phases": dict(incident.phases),
            "regions": dict(incident.regions),
            "all_regions": dict(incident.all_regions),
            "groups": dict(incident.groups),
            "all_groups": dict(incident.all_groups),
            "shared": dict(incident.shared),
            "most_shared": incident.most_shared,
            "listed": list(incident.listed),
            "ended": dict(incident.ended),
            "still_lost": incident.still_lost,
            "unsure": incident.unsure,
            "members": incident.members,
            "first_told_at": None if incident.first_told_at is None else sortable(incident.first_told_at),
            "told": None if incident.told is None else _claim_document(incident.told),
            "last_end": None if incident.last_end is None else _claim_document(incident.last_end),
            "announced": dict(incident.announced),
            "attention": None if incident.attention is None else sortable(incident.attention),
            "awaiting": OVER if attention is None else DUE,
            "announce_after": sortable(incident.changed_at if attention is None else attention),
            "expires_at": None if incident.open_count else expiry(incident.changed_at, after=_OVER_FOR),
        },
    )


def incident_from(members: Members) -> Incident:
    """Read an incident back; raises MalformedDocument."""
    told, last_end = members.optional_members("told"), members.optional_members("last_end")
    return Incident(
        cause=root_cause_in(members, "cause"),
        generation=members.number("generation"),
        revision=members.number("revision"),
        version=members.number("version"),
        opened_at=members.time("opened_at"),
        changed_at=members.time("changed_at"),
        dues=members.numbers_by_name("dues"),
        end_dues=members.numbers_by_name("end_dues"),
        ranks=members.numbers_by_name("ranks"),
        leads=members.numbers_by_name("leads") if members.has("leads") else {},
        phases=members.numbers_by_name("phases"),
        regions=members.numbers_by_name("regions"),
        all_regions=members.numbers_by_name("all_regions"),
        groups=members.numbers_by_name("groups") if members.has("groups") else {},
        all_groups=members.numbers_by_name("all_groups") if members.has("all_groups") else {},
        shared=members.numbers_by_name("shared"),
        most_shared=members.number("most_shared"),
        listed=members.texts("listed") if members.has("listed") else (),
        ended=members.numbers_by_name("ended"),
        still_lost=members.number("still_lost"),
        unsure=members.optional_number("unsure") or 0,
        members=members.number("members"),
        first_told_at=members.time("first_told_at") if members.has("first_told_at") else None,
        told=None if told is None else _claim_from(told),
        last_end=None if last_end is None else _claim_from(last_end),
        announced=members.numbers_by_name("announced"),
        attention=members.time("attention") if members.has("attention") else None,
    )


def member_items(member: Member) -> tuple[Item, Item]:
    """A member as the item under its finding, and as the row among the members of its incident."""
    return item_of(*member_key(member.key), _content(member)), row_item(member)


def row_item(member: Member) -> Item:
    """A member as the row among the members of its incident."""
    return item_of(incident_key(member.cause), row_of(member), _content(member))


def _content(member: Member) -> Mapping[str, object]:
    return {**_place_and_share(member), "former": [_place_and_share(each) for each in member.former] or None}


def _place_and_share(member: Member) -> Mapping[str, object]:
    share = member.share
    return {
        "subject": member.key.subject_arn,
        "rule": member.key.rule_id,
        "cause": key_of_cause(member.cause),
        "generation": member.generation,
        "version": share.version,
        "end": share.end,
        "rank": share.rank,
        "phase": share.phase,
        "region": share.region,
        "pools": share.pools,
        "pool_name": share.pool_name,
        "still_lost": share.still_lost,
        "due": sortable(share.due),
        "is_news": share.is_news,
        "listed": list(share.listed),
        "burst": None if share.burst is None else _burst_document(share.burst),
        "unsure": share.unsure,
        "waits": share.waits,
        "group": share.group,
        "expires_at": None if share.is_open else expiry(share.due, after=_OVER_FOR),
    }


def member_from(members: Members) -> Member:
    """Read a member back; raises MalformedDocument."""
    burst = members.optional_members("burst")
    return Member(
        key=FindingKey(subject_arn=members.text("subject"), rule_id=members.text("rule")),
        cause=root_cause_in(members, "cause"),
        generation=members.number("generation"),
        share=Share(
            version=members.number("version"),
            end=members.text("end"),
            rank=members.text("rank"),
            phase=members.text("phase"),
            region=members.optional_text("region"),
            pools=members.number("pools"),
            pool_name=members.text("pool_name"),
            still_lost=members.flag("still_lost"),
            due=members.time("due"),
            is_news=members.flag("is_news"),
            burst=None if burst is None else _burst_from(burst),
            listed=members.texts("listed") if members.has("listed") else (),
            unsure=members.flag("unsure"),
            waits=members.flag("waits"),
            group=members.optional_text("group") or "",
        ),
        former=tuple(map(member_from, members.list_of_members("former"))) if members.has("former") else (),
    )


def _burst_document(burst: Burst) -> dict[str, object]:
    return {"calls": key_of_cause(burst.calls), "since": sortable(burst.since)}


def _burst_from(members: Members) -> Burst | None:
    calls = root_cause_in(members, "calls")
    return Burst(calls=calls, since=members.time("since")) if isinstance(calls, SameCalls) else None


def _claim_document(claim: Claim) -> dict[str, object]:
    return {
        "occasion": claim.occasion.value,
        "at": sortable(claim.at),
        "state": claim.state.value,
        "rank": claim.rank,
        "size": claim.size,
        "phases": sorted(claim.phases),
        "growths": claim.growths,
        "shown": None if claim.shown is None else sorted(claim.shown),
        "lead": claim.lead,
        "leads": sorted(claim.leads),
    }


def _claim_from(members: Members) -> Claim:
    return Claim(
        occasion=members.choice("occasion", Occasion),
        at=members.time("at"),
        state=members.choice("state", FindingState),
        rank=members.text("rank"),
        size=members.number("size"),
        phases=frozenset(members.texts("phases")),
        growths=members.number("growths"),
        shown=frozenset(members.texts("shown")) if members.has("shown") else None,
        lead=members.optional_text("lead") or "",
        leads=frozenset(members.texts("leads") if members.has("leads") else ()),
    )
