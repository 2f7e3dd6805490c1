"""The report of an audit: a frozen value, from which every output format is made."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.question import Explained, Said
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden_command.audit.days import DaysBySubject

WORST_FIRST = (Answer.NO, Answer.UNKNOWN, Answer.AT_RISK, Answer.YES)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadPool:
    """A listed pool that could not be read: its verdict is unknown."""

    ref: PoolRef
    name: str
    refusal: Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedRegion:
    """A region and the number of its pools; ``refusal`` if they could not be listed, or not all of them."""

    region: str
    pools: int
    refusal: Unreadable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedAccount:
    """An account, the caller's ARN in it, and its regions; ``turned_off`` are those that the account has not enabled.

    ``unreadable`` is set if the account itself could not be entered, and there are no regions; or if its credentials
    ended in the middle: ``unjudged`` is then the number of pools that were listed and not judged, and None otherwise.
    ``deleted`` is the number of pools that were listed, and deleted before they were read.
    """

    partition: str
    account: str
    caller: str
    regions: tuple[AuditedRegion, ...] = ()
    turned_off: tuple[str, ...] = ()
    unreadable: Unreadable | None = None
    unjudged: int | None = None
    deleted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Everything that an audit found; ``pools`` are in the order of their verdicts, the worst first.

    Each pool has its mail path, its verdict, its findings with the decision that a deployment with ``RepairMode`` safe
    would make, and neither a ledger nor an address. ``version`` is Mailwarden's, ``days`` the sends of each day.
    ``stopped`` is set if the caller's credentials ended: further accounts are missing.
    """

    version: str
    started_at: datetime
    ended_at: datetime
    accounts: tuple[AuditedAccount, ...]
    pools: tuple[Explained, ...]
    unread: tuple[UnreadPool, ...] = ()
    days: DaysBySubject = field(default_factory=dict)
    stopped: Unreadable | None = None

    @property
    def is_cut_short(self) -> bool:
        """Whether credentials ended before everything was judged."""
        return self.stopped is not None or any(account.unjudged is not None for account in self.accounts)

    @property
    def verdicts(self) -> Mapping[Answer, int]:
        """The number of pools by verdict; a pool that could not be read is unknown."""
        counted = Counter(explained.verdict.answer for explained in self.pools)
        counted[Answer.UNKNOWN] += len(self.unread)
        return {answer: counted[answer] for answer in WORST_FIRST}

    @property
    def deleted(self) -> int:
        """The number of pools that were deleted while the audit ran."""
        return sum(account.deleted for account in self.accounts)

    @property
    def refusals(self) -> tuple[Unreadable, ...]:
        """Why whole accounts, regions or pools are missing from the report."""
        accounts = (account.unreadable for account in self.accounts)
        regions = (region.refusal for account in self.accounts for region in account.regions)
        found = (self.stopped, *accounts, *regions, *(pool.refusal for pool in self.unread))
        return tuple(dict.fromkeys(refusal for refusal in found if refusal is not None))

    def said(self) -> Iterator[tuple[Explained, Said]]:
        """Every finding with its pool, in the order of the pools."""
        return ((explained, said) for explained in self.pools for said in explained.said)


def in_order(pools: Iterator[Explained]) -> tuple[Explained, ...]:
    """The pools with the worst verdict and the most severe finding first."""
    return tuple(sorted(pools, key=_place))


def _place(explained: Explained) -> tuple[int, int, str, str, str, str]:
    ref = explained.path.pool.ref
    severest = max((said.finding.severity for said in explained.said), default=0)
    verdict = WORST_FIRST.index(explained.verdict.answer)
    return verdict, -severest, ref.account, ref.region, explained.path.pool.name, ref.pool_id


def is_observed(said: Said) -> bool:
    """Whether a finding was observed, in contrast to one that could not be judged."""
    return said.finding.effect is not Effect.UNKNOWN
