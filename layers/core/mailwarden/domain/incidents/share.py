"""The share of one finding in its incident."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.findings.application_tags import group_of
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.refs.root_causes import OwnState, RootCause, SameCalls

# Worse is more, in both digits, so that ranks sort as texts.
_ABOVE_RANKS = 99
_BADNESS = {Effect.NONE: 0, Effect.AT_RISK: 1, Effect.UNKNOWN: 2, Effect.LOST: 3}
PENDING = Handling.PENDING.value
WRITTEN = Handling.WRITTEN.value
SILENT, GONE, MOVED, EXEMPT = "silent", "gone", "moved", "exempt"
# As many pools as an incident remembers of something shared: they are named when it is over, and affects no pool.
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """The calls by which an open finding is counted with others, and since when."""

    calls: SameCalls
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of one finding in its incident, at one version of the finding.

    ``end`` is empty while the finding is open, else *repaired*, *resolved*, *gone* where its pool was deleted, *moved*
    where another cause explains it now, *exempt*, or *silent* where no message is due.
    ``rank`` is the severity and the effect as two digits, worse is more. ``phase`` is its handling, with the id of the
    reason. ``region`` is the pool's where the finding is about one pool, else None; ``pools`` counts the
    pools that it affects, ``pool_name`` is the name of the one. ``still_lost``: it is over, and its pool cannot send
    for another reason; ``unsure``: it is unknown whether it can. ``waits``: its end waits until ``due`` for the outcome
    of a write. ``due`` is when it is to be announced at the latest. ``burst``: the count
    that it is in while it is open; None where it is in none. ``group`` is the application of the one pool, by
    which pools are counted. ``listed`` are the ARNs of the first pools that a finding
    about something shared affects.
    """

    version: int
    end: str
    rank: str
    phase: str
    region: str | None
    pools: int
    pool_name: str
    still_lost: bool
    due: datetime
    is_news: bool
    burst: Burst | None = None
    listed: tuple[str, ...] = ()
    unsure: bool = False
    waits: bool = False
    group: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the finding is open."""
        return not self.end

    @property
    def has_news_of_its_end(self) -> bool:
        """Whether its end is worth a message by itself."""
        return self.is_news and bool(self.end) and self.end not in {EXEMPT, MOVED, SILENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A finding in an incident, in the incident's generation of that number.

    ``former``: as it stays in the incidents that it left while it was open, the last one at the end.
    """

    key: FindingKey
    cause: RootCause
    generation: int
    share: Share
    former: tuple["Member", ...] = ()


def root_cause_of(finding: Finding) -> RootCause:
    """The root cause that its rule has set, else its own subject."""
    return finding.root_cause or OwnState(finding=finding.key)


def share_of(record: FindingRecord, *, channels: Iterable[str], known: Share | None = None) -> Share:
    """The share of a record; news at the *known* version stays news, because the incident may not have announced it."""
    lifecycle, finding = record.lifecycle, record.finding
    awaits = any(lifecycle.announced.get(channel, 0) < lifecycle.version for channel in channels)
    was_news = known is not None and known.version == lifecycle.version and known.is_news
    is_news = awaits or was_news
    of_pool = isinstance(finding.subject, PoolRef)
    is_known_pool = lifecycle.is_over and of_pool and not record.seen.pool_is_gone
    return Share(
        version=lifecycle.version,
        end=_end(record, is_news=is_news),
        rank=rank_of(finding.severity, finding.effect),
        phase=record.write.phase,
        region=finding.subject.region if of_pool else None,
        pools=1 if of_pool else _pools(record),
        pool_name=record.seen.pool_name if of_pool else "",
        group=group_of(record.seen.application) if of_pool else "",
        still_lost=is_known_pool and record.seen.verdict is Answer.NO,
        unsure=is_known_pool and record.seen.verdict is Answer.UNKNOWN,
        waits=lifecycle.is_over and lifecycle.announce_after > lifecycle.changed_at,
        due=lifecycle.announce_after,
        is_news=is_news,
        listed=() if of_pool else tuple(sorted(_pool_arns(record)))[:_LISTED],
    )


def rank_of(severity: Severity, effect: Effect) -> str:
    """A severity and an effect as two digits, worse is more."""
    return f"{severity.value}{_BADNESS[effect]}"


def worst_first(rank: str) -> str:
    """Two digits by which ranks sort as texts, the worst first."""
    return f"{_ABOVE_RANKS - int(rank):02}"


def moved_away(share: Share) -> Share:
    """The share of an open finding in the incident that it leaves, because another cause explains it now."""
    of_pool, badness = share.region is not None, int(share.rank[1:])
    return replace(
        share,
        end=MOVED,
        still_lost=of_pool and badness == _BADNESS[Effect.LOST],
        unsure=of_pool and badness == _BADNESS[Effect.UNKNOWN],
        burst=None,
    )


def _end(record: FindingRecord, *, is_news: bool) -> str:
    match record.lifecycle.state:
        case FindingState.OPEN:
            return ""
        case FindingState.EXEMPT:
            return EXEMPT
        case _ if not is_news:
            return SILENT
        case FindingState.RESOLVED if record.seen.pool_is_gone:
            return GONE
        case FindingState.REPAIRED | FindingState.RESOLVED:
            return record.lifecycle.state.value


def _pools(record: FindingRecord) -> int:
    own = record.finding.subject.arn in record.lifecycle.affected
    return record.lifecycle.affected_count - int(own)


def _pool_arns(record: FindingRecord) -> Iterator[str]:
    return (arn for arn in record.lifecycle.affected if arn != record.finding.subject.arn)
