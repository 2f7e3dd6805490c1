"""A batch of ``tally`` over a ledger and queues in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mailwarden.domain.subjects import PoolRef
from mailwarden.inbound.failure_tallies import FailureTallies
from mailwarden.inbound.mail_tallies import MailTallies
from mailwarden.inbound.notice_tallies import NoticeTallies
from mailwarden.inbound.signals import signal_from
from mailwarden.inbound.tallies import TallyBatch
from mailwarden.ports import AppClients, Clock, HintQueue
from mailwarden.ports.feedback import MailLedger
from mailwarden.service.mail_tallying import MailTally
from mailwarden.service.noticing import Noticing
from mailwarden.service.tallying import Tally

# The account in the examples of ``events/``.
ACCOUNT = "123456789012"


@dataclass(slots=True)
class HeldClients:
    """App clients in memory; ``asked`` counts."""

    held: dict[str, PoolRef] = field(default_factory=dict)
    asked: list[frozenset[str]] = field(default_factory=list)
    down: bool = False

    def find(self, wanted: frozenset[str], region: str) -> Mapping[str, PoolRef]:
        self.asked.append(wanted)
        if self.down:
            raise ConnectionError("Cognito is away")
        return {each: pool for each, pool in self.held.items() if each in wanted and pool.region == region}


@dataclass(slots=True)
class Lines:
    """A log that is kept."""

    lines: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    def info(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))

    def error(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))

    def exception(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append((event, extra))


def tally_batch(
    *,
    ledger: MailLedger,
    hints: HintQueue,
    clients: AppClients,
    clock: Clock,
    watched: tuple[str, ...] = (),
    account: str = ACCOUNT,
) -> TallyBatch:
    """The handler of a batch, as the function is made of it."""
    return TallyBatch(
        understand=lambda body: signal_from(body, account=account, partition="aws"),
        failures=FailureTallies(
            tally=Tally(ledger=ledger, hints=hints, clients=clients, clock=clock, quiet=timedelta(hours=6)),
            partition="aws",
            account=account,
            watched_regions=watched,
        ),
        mail=MailTallies(tally=MailTally(ledger=ledger, clock=clock)),
        notices=NoticeTallies(noticing=Noticing(ledger=ledger, hints=hints, clock=clock)),
    )
