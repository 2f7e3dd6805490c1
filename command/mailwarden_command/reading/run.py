"""Runs an audit: lists the pools of each account, and asks the diagnosis of each, several regions at once."""

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Protocol

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.cognito.pools import DESCRIBE
from mailwarden.adapters.aws.errors import AwsError
from mailwarden.domain.operator.question import Explained, PoolNotSeen
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, NotASubject, PoolRef, SesAccountRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden_command import __version__
from mailwarden_command.audit.days import DayFigures, DaysBySubject
from mailwarden_command.audit.report import AuditedAccount, AuditedRegion, AuditReport, UnreadPool, in_order
from mailwarden_command.audit.wanted import Wanted
from mailwarden_command.reading.accounts import EnteredAccount
from mailwarden_command.reading.answers import answers, may_differ
from mailwarden_command.reading.credentials import CredentialsEnded
from mailwarden_command.reading.diagnoses import diagnosis_of, feedback_of
from mailwarden_command.reading.pools import ListedRegion, PoolLists
from mailwarden_command.reading.set_rates import SetRates
from mailwarden_command.screen import counted
from tools.stack.refusals import reason_of

# As often as a look is put off in a deployment after a timeout.
_PASSES = 3
_NOT_FOUND = "ResourceNotFoundException"
# The call that any credentials may make which AWS still takes.
_CALLER = "sts:GetCallerIdentity"
_NO_FURTHER_ACCOUNT = "the accounts that follow were not audited"


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
    pools: tuple[Explained, ...] = ()
    unread: tuple[UnreadPool, ...] = ()
    days: DaysBySubject = field(default_factory=dict)
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRun:
    """One audit of several accounts, one after the other; ``mode`` is that of the deployment that would decide."""

    wanted: Wanted
    settings: OperatorSettings
    progress: Progress
    mode: RepairMode = RepairMode.SAFE
    started_at: datetime = field(default_factory=lambda: datetime.now(tz=UTC))

    def report(self, accounts: Iterable[EnteredAccount | AuditedAccount]) -> AuditReport:
        """The report about the accounts; one that could not be entered is in it as such.

        Where credentials end, it has what was judged before. Raises CredentialsEnded if no account was entered.
        """
        found: list[_Found] = []
        stopped = None
        try:
            for account in accounts:
                one = self._of(account) if isinstance(account, EnteredAccount) else _Found(account=account)
                found.append(one)
        except CredentialsEnded as error:
            if not found:
                raise
            is_told = found[-1].ended_by == reason_of(error)
            stopped = _not_read(_NO_FURTHER_ACCOUNT) if is_told else _ended(error, then=_NO_FURTHER_ACCOUNT)
        return AuditReport(
            version=__version__,
            started_at=self.started_at,
            ended_at=datetime.now(tz=UTC),
            accounts=tuple(each.account for each in found),
            pools=in_order(pool for each in found for pool in each.pools),
            unread=tuple(pool for each in found for pool in each.unread),
            days={subject: days for each in found for subject, days in each.days.items()},
            stopped=stopped,
        )

    def _of(self, account: EnteredAccount) -> _Found:
        """The findings in an account, until its credentials ended if they did."""
        entered = AuditedAccount(partition=account.partition, account=account.account, caller=account.caller)
        try:
            listed = self._listed(account)
        except (BotoCoreError, ClientError) as error:
            refusal = _ended(error, then="its pools could not be listed", region=account.region)
            return _Found(account=replace(entered, unreadable=refusal, unjudged=0), ended_by=reason_of(error))
        on = tuple(region for region in listed if region.is_on)
        pools = sum(len(region.pools) for region in on)
        self.progress.listed(account, pools, len(on))
        explained: list[Explained] = []
        unread: list[UnreadPool] = []
        deleted = 0
        days: dict[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]] = {}
        ended: AwsError | None = None
        try:
            for name, ref, answer in self._answers(account, on, days):
                match answer:
                    case Explained():
                        explained.append(answer)
                    case PoolNotSeen(refused=(refusal, *_)):
                        unread.append(UnreadPool(ref=ref, name=name, refusal=refusal))
                    case PoolNotSeen() if self.wanted.pools:
                        unread.append(UnreadPool(ref=ref, name=name, refusal=_not_there(ref)))
                    case PoolNotSeen():
                        # It was listed.
                        deleted += 1
        except (BotoCoreError, ClientError) as error:
            ended = error
        left = pools - len(explained) - len(unread) - deleted
        return _Found(
            account=replace(
                entered,
                regions=tuple(
                    AuditedRegion(region=each.region, pools=len(each.pools), refusal=each.refusal) for each in on
                ),
                turned_off=tuple(region.region for region in listed if not region.is_on),
                deleted=deleted,
                unreadable=None if ended is None else _ended(ended, then=_left(left, pools), region=account.region),
                unjudged=left if ended else None,
            ),
            pools=tuple(explained),
            unread=_nowhere_else(unread, explained),
            days=days,
            ended_by=None if ended is None else reason_of(ended),
        )

    def _answers(
        self,
        account: EnteredAccount,
        listed: tuple[ListedRegion, ...],
        days: MutableMapping[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]],
    ) -> Iterator[tuple[str, PoolRef, Explained | PoolNotSeen]]:
        """The answer about each pool; after a throttle or a timeout it is asked again, when all others were."""
        left = listed
        feedback = feedback_of(account, self.settings, days=days)
        for number in range(_PASSES):
            again: set[PoolRef] = set()
            diagnosis = diagnosis_of(account, listed, self.settings, mode=self.mode, feedback=feedback)
            rates = SetRates(feedback=feedback, at_once=1) if account.is_recorded else SetRates(feedback=feedback)
            # Those that are asked about again are a few.
            looked = self.progress.judged if number == 0 else _nothing
            for name, ref, answer in answers(diagnosis, left, rates, looked=looked):
                if number + 1 < _PASSES and may_differ(answer):
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


def _nowhere_else(unread: Sequence[UnreadPool], found: Sequence[Explained]) -> tuple[UnreadPool, ...]:
    """Without those that were looked for in several regions, and found in another one."""
    ids = {explained.path.pool.ref.pool_id for explained in found}
    return tuple(pool for pool in unread if pool.refusal.reason != _NOT_FOUND or pool.ref.pool_id not in ids)


def _nothing() -> None:
    pass


def _ended(error: AwsError, *, then: str, region: str = "") -> Unreadable:
    """Why nothing more was read, once for everything that is missing."""
    return _not_read(f"{reason_of(error)}; {then}", region=region)


def _not_read(about: str, *, region: str = "") -> Unreadable:
    return Unreadable(action=_CALLER, region=region, reason=OwnReason.NOT_READ, about=about)


def _left(unjudged: int, pools: int) -> str:
    were = "was" if unjudged == 1 else "were"
    return f"{unjudged} of {counted(pools, 'pool')} {were} not judged"


def _not_there(ref: PoolRef) -> Unreadable:
    return Unreadable(action=DESCRIBE, region=ref.region, reason=_NOT_FOUND, about=ref.pool_id)
