"""Runs an audit: lists the pools of each account, and asks the diagnosis of each, several regions at once."""

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Protocol

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.cognito.pools import DESCRIBE
from mailwarden.domain.mail_path.path import transient_refusal
from mailwarden.domain.operator.question import Explained, PoolNotSeen, Question
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, NotASubject, PoolRef, SesAccountRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.rules.crash import place_of
from mailwarden.service.operator.diagnose import Diagnosis
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command import __version__
from mailwarden_command.audit.days import DayFigures, DaysBySubject
from mailwarden_command.audit.report import AuditedAccount, AuditedRegion, AuditReport, UnreadPool, in_order
from mailwarden_command.reading.accounts import EnteredAccount
from mailwarden_command.reading.diagnoses import diagnosis_of
from mailwarden_command.reading.pools import ListedRegion, PoolLists

# A region has a rate of its own for each action: while one pool waits for SES, others are read from Cognito.
_AT_ONCE_IN_A_REGION = 4
# As often as a look is put off in a deployment after a timeout.
_PASSES = 3
_NOT_FOUND = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The pools to audit: of these regions (empty: every enabled one), ids or ARNs (empty: every pool), and name."""

    regions: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    name: str = "*"


class Progress(Protocol):
    """Shows how far the audit is."""

    def listed(self, account: EnteredAccount, pools: int, regions: int) -> None:
        """The pools of an account are listed."""
        ...

    def judged(self) -> None:
        """One more pool is judged."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    account: AuditedAccount
    pools: tuple[Explained, ...]
    unread: tuple[UnreadPool, ...]
    days: DaysBySubject


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRun:
    """One audit of several accounts, one after the other; ``mode`` is that of the deployment that would decide."""

    wanted: Wanted
    settings: OperatorSettings
    progress: Progress
    mode: RepairMode = RepairMode.SAFE
    started_at: datetime = field(default_factory=lambda: datetime.now(tz=UTC))

    def report(self, accounts: Iterable[EnteredAccount | AuditedAccount]) -> AuditReport:
        """The report about the accounts; one that could not be entered is in it as such."""
        found = [
            _Found(account=account, pools=(), unread=(), days={})
            if isinstance(account, AuditedAccount)
            else self._of(account)
            for account in accounts
        ]
        return AuditReport(
            version=__version__,
            started_at=self.started_at,
            ended_at=datetime.now(tz=UTC),
            accounts=tuple(each.account for each in found),
            pools=in_order(pool for each in found for pool in each.pools),
            unread=tuple(pool for each in found for pool in each.unread),
            days={subject: days for each in found for subject, days in each.days.items()},
        )

    def _of(self, account: EnteredAccount) -> _Found:
        listed = self._listed(account)
        on = tuple(region for region in listed if region.is_on)
        self.progress.listed(account, sum(len(region.pools) for region in on), len(on))
        explained: list[Explained] = []
        unread: list[UnreadPool] = []
        days: dict[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]] = {}
        for name, ref, answer in self._answers(account, on, days):
            match answer:
                case Explained():
                    explained.append(answer)
                case PoolNotSeen(refused=(refusal, *_)):
                    unread.append(UnreadPool(ref=ref, name=name, refusal=refusal))
                case PoolNotSeen() if self.wanted.pools:
                    unread.append(UnreadPool(ref=ref, name=name, refusal=_not_there(ref)))
                case PoolNotSeen():
                    # It was deleted after the pools were listed.
                    pass
            self.progress.judged()
        return _Found(
            account=AuditedAccount(
                partition=account.partition,
                account=account.account,
                caller=account.caller,
                regions=tuple(
                    AuditedRegion(region=each.region, pools=len(each.pools), refusal=each.refusal) for each in on
                ),
                turned_off=tuple(region.region for region in listed if not region.is_on),
            ),
            pools=tuple(explained),
            unread=_nowhere_else(unread, explained),
            days=days,
        )

    def _answers(
        self,
        account: EnteredAccount,
        listed: tuple[ListedRegion, ...],
        days: MutableMapping[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]],
    ) -> Iterator[tuple[str, PoolRef, Explained | PoolNotSeen]]:
        """The answer about each pool; after a throttle or a timeout it is asked again, when all others were."""
        left = listed
        for number in range(_PASSES):
            again: set[PoolRef] = set()
            diagnosis = diagnosis_of(account, listed, self.settings, mode=self.mode, days=days)
            for name, ref, answer in _answers(diagnosis, left):
                if number + 1 < _PASSES and _may_differ(answer):
                    again.add(ref)
                else:
                    yield name, ref, answer
            left = tuple(
                replace(region, pools=tuple((ref, name) for ref, name in region.pools if ref in again))
                for region in left
            )
            if not again:
                return

    def _listed(self, account: EnteredAccount) -> tuple[ListedRegion, ...]:
        if self.wanted.pools:
            return _named(account, self.wanted)
        regions = self.wanted.regions or tuple(
            sorted(Session().get_available_regions("cognito-idp", account.partition))
        )
        lists = PoolLists(clients=account.clients, partition=account.partition, account=account.account)
        return tuple(
            replace(
                region, pools=tuple((ref, name) for ref, name in region.pools if fnmatchcase(name, self.wanted.name))
            )
            for region in lists.of(regions)
        )


def _named(account: EnteredAccount, wanted: Wanted) -> tuple[ListedRegion, ...]:
    """The regions of the pools that are named by id or ARN; those of other accounts are left out."""
    by_region: dict[str, list[tuple[PoolRef, str]]] = {}
    for text in wanted.pools:
        try:
            ref = PoolRef.from_arn(text)
        except NotASubject:
            for region in wanted.regions or (text.rpartition("_")[0],):
                named = PoolRef(partition=account.partition, region=region, account=account.account, pool_id=text)
                by_region.setdefault(region, []).append((named, ""))
        else:
            if ref.account == account.account:
                by_region.setdefault(ref.region, []).append((ref, ""))
    return tuple(ListedRegion(region=region, pools=tuple(pools)) for region, pools in by_region.items())


def _answers(
    diagnosis: Diagnosis, listed: tuple[ListedRegion, ...]
) -> Iterator[tuple[str, PoolRef, Explained | PoolNotSeen]]:
    """The answer about each pool, as they come; every region has threads of its own."""
    workers = [ThreadPoolExecutor(max_workers=_AT_ONCE_IN_A_REGION) for region in listed if region.pools]
    try:
        asked: dict[Future[Explained | PoolNotSeen], tuple[str, PoolRef]] = {
            worker.submit(_answer, diagnosis, ref): (name, ref)
            for worker, region in zip(workers, (each for each in listed if each.pools), strict=True)
            for ref, name in region.pools
        }
        for future in as_completed(asked):
            # Nothing may refer to an answer that is dealt with: there may be thousands.
            name, ref = asked.pop(future)
            yield name, ref, future.result()
    finally:
        for worker in workers:
            worker.shutdown(wait=False, cancel_futures=True)


def _answer(diagnosis: Diagnosis, ref: PoolRef) -> Explained | PoolNotSeen:
    """Without what only a ledger knows, and without the settings that only a write needs: reports are of any size."""
    try:
        answer = diagnosis.answer(Question(pool_id=ref.pool_id, region=ref.region))
    except (ClientError, BotoCoreError):
        # Of the credentials, which have expired for every other pool, too.
        raise
    except Exception as error:  # noqa: BLE001 - a pool that is read in no way that is known must not take the others'
        unexpected = Unreadable(
            action=DESCRIBE, region=ref.region, reason=OwnReason.UNEXPECTED_RESPONSE, about=place_of(error)
        )
        return PoolNotSeen(pool_id=ref.pool_id, missing_in=(), refused=(unexpected,), at=diagnosis.clock.now())
    if not isinstance(answer, Explained):
        return answer
    path = answer.path
    return replace(
        answer,
        path=replace(
            path,
            pool=replace(path.pool, settings={}),
            ledger_facts=replace(path.ledger_facts, mail=None),
        ),
    )


def _may_differ(answer: Explained | PoolNotSeen) -> bool:
    """Whether a read failed that may succeed a moment later."""
    match answer:
        case Explained(path=path):
            return transient_refusal(path) is not None
        case PoolNotSeen(refused=refused):
            return any(refusal.transient for refusal in refused)


def _nowhere_else(unread: Sequence[UnreadPool], found: Sequence[Explained]) -> tuple[UnreadPool, ...]:
    """Without those that were looked for in several regions, and found in another one."""
    ids = {explained.path.pool.ref.pool_id for explained in found}
    return tuple(pool for pool in unread if pool.refusal.reason != _NOT_FOUND or pool.ref.pool_id not in ids)


def _not_there(ref: PoolRef) -> Unreadable:
    return Unreadable(action=DESCRIBE, region=ref.region, reason=_NOT_FOUND, about=ref.pool_id)
