"""Asks about each pool of an account: threads read the mail paths, and one judges them as they come.

Cheap for thousands of pools: nothing waits for a single answer, and the rates of many configuration sets are one
request.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.cognito.pools import DESCRIBE
from mailwarden.domain.mail_path.path import MailPath, transient_refusal
from mailwarden.domain.operator.question import Explained, PoolNotSeen, Question
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef
from mailwarden.rules.crash import place_of
from mailwarden.service.operator.diagnose import Diagnosis
from mailwarden_command.reading.pools import ListedRegion
from mailwarden_command.reading.set_rates import SetRates, sets_of, with_rates

# A region has a rate of its own for each action: while one pool waits for SES, others are read from Cognito.
_AT_ONCE_IN_A_REGION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The path or the refusal that a look found, or the error that ends the run."""

    region: str
    name: str
    ref: PoolRef
    path: MailPath | PoolNotSeen | Exception


@dataclass(frozen=True, slots=True)
class _Rated:
    """Paths whose rates were read, or the error that ends the run."""

    paths: Sequence[_Seen]
    error: Exception | None = None


@dataclass(slots=True)
class _Waiting:
    """The paths of a region that wait for the rates of their sets, and the number of pools that are still looked at."""

    looks: int
    paths: list[_Seen] = field(default_factory=list)
    sets: set[ConfigurationSetRef] = field(default_factory=set)

    def take(self) -> tuple[list[_Seen], set[ConfigurationSetRef]]:
        taken = self.paths, self.sets
        self.paths, self.sets = [], set()
        return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crew:
    """The threads of a region, which take its pools one after the other; one more reads rates meanwhile."""

    region: str
    to_look: deque[tuple[PoolRef, str]]
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=_AT_ONCE_IN_A_REGION + 1)
    )

    def start(self, diagnosis: Diagnosis, seen: SimpleQueue[_Seen | _Rated]) -> None:
        for _ in range(min(_AT_ONCE_IN_A_REGION, len(self.to_look))):
            self.threads.submit(self._look_at_all, diagnosis, seen)

    def stop(self) -> None:
        """Begin no further look."""
        self.to_look.clear()
        self.threads.shutdown(wait=False, cancel_futures=True)

    def _look_at_all(self, diagnosis: Diagnosis, seen: SimpleQueue[_Seen | _Rated]) -> None:
        while True:
            try:
                ref, name = self.to_look.popleft()
            except IndexError:
                return
            _look(diagnosis, self.region, name, ref, seen)


def answers(
    diagnosis: Diagnosis, listed: Sequence[ListedRegion], rates: SetRates, *, looked: Callable[[], None]
) -> Iterator[tuple[str, PoolRef, Explained | PoolNotSeen]]:
    """The answer about each pool, as they come; *looked* is called after each look.

    Every region has threads of its own. Raises what concerns the credentials, which have expired for every other pool,
    too.
    """
    seen = SimpleQueue[_Seen | _Rated]()
    busy = [region for region in listed if region.pools]
    waiting = {region.region: _Waiting(looks=len(region.pools)) for region in busy}
    crews = {region.region: _Crew(region=region.region, to_look=deque(region.pools)) for region in busy}
    left = sum(len(region.pools) for region in busy)
    try:
        for crew in crews.values():
            crew.start(diagnosis, seen)
        while left:
            ready: Sequence[_Seen]
            match seen.get():
                case _Seen() as one:
                    looked()
                    queue = waiting[one.region]
                    queue.looks -= 1
                    ready = _unless_it_waits(one, queue, rates)
                    if queue.paths and (not queue.looks or len(queue.paths) >= rates.at_once):
                        crews[one.region].threads.submit(_rate, rates, *queue.take(), seen)
                case _Rated() as rated:
                    if rated.error is not None:
                        raise rated.error
                    ready = rated.paths
            for each in ready:
                left -= 1
                yield each.name, each.ref, _judged(diagnosis, rates, each)
    finally:
        for crew in crews.values():
            crew.stop()


def may_differ(answer: Explained | PoolNotSeen) -> bool:
    """Whether a read failed that may succeed a moment later."""
    match answer:
        case Explained(path=path):
            return transient_refusal(path) is not None
        case PoolNotSeen(refused=refused):
            return any(refusal.transient for refusal in refused)


def _look(diagnosis: Diagnosis, region: str, name: str, ref: PoolRef, seen: SimpleQueue[_Seen | _Rated]) -> None:
    path: MailPath | PoolNotSeen | Exception
    try:
        path = diagnosis.look(Question(pool_id=ref.pool_id, region=ref.region))
    except (ClientError, BotoCoreError) as error:
        path = error
    except Exception as error:  # noqa: BLE001 - a pool that is read in no way that is known must not take the others'
        path = _unexpected(error, diagnosis, ref)
    seen.put(_Seen(region=region, name=name, ref=ref, path=path))


def _unless_it_waits(one: _Seen, queue: _Waiting, rates: SetRates) -> tuple[_Seen, ...]:
    """The path, if it needs no rates that are not read; otherwise it waits with the others of its region."""
    if isinstance(one.path, Exception):
        raise one.path
    needed = rates.unread(sets_of(one.path)) if isinstance(one.path, MailPath) else frozenset()
    if not needed:
        return (one,)
    queue.paths.append(one)
    queue.sets |= needed
    return ()


def _rate(
    rates: SetRates, paths: Sequence[_Seen], sets: set[ConfigurationSetRef], seen: SimpleQueue[_Seen | _Rated]
) -> None:
    try:
        rates.read(sets)
    except Exception as error:  # noqa: BLE001 - raised again where the answers are asked for
        seen.put(_Rated(paths, error))
    else:
        seen.put(_Rated(paths))


def _judged(diagnosis: Diagnosis, rates: SetRates, seen: _Seen) -> Explained | PoolNotSeen:
    """Without what only a ledger knows: reports are of any size."""
    path = seen.path
    if isinstance(path, Exception):
        raise path
    if isinstance(path, PoolNotSeen):
        return path
    try:
        question = Question(pool_id=seen.ref.pool_id, region=seen.ref.region)
        answer = diagnosis.explain(with_rates(path, rates), question)
    except (ClientError, BotoCoreError):
        raise
    except Exception as error:  # noqa: BLE001 - as for a look
        return _unexpected(error, diagnosis, seen.ref)
    path = answer.path
    return replace(answer, path=replace(path, ledger_facts=replace(path.ledger_facts, mail=None)))


def _unexpected(error: Exception, diagnosis: Diagnosis, ref: PoolRef) -> PoolNotSeen:
    unexpected = Unreadable(
        action=DESCRIBE, region=ref.region, reason=OwnReason.UNEXPECTED_RESPONSE, about=place_of(error)
    )
    return PoolNotSeen(pool_id=ref.pool_id, missing_in=(), refused=(unexpected,), at=diagnosis.clock.now())
