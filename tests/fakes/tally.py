"""A batch of ``tally`` over a ledger and queues in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.ses.signals import signal_from
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.tally import TallyBatch
from mailwarden.inbound.sqs.tally_delivery_failures import FailureTallies
from mailwarden.inbound.sqs.tally_mail_events import MailEventTallies
from mailwarden.inbound.sqs.tally_notices import NoticeTallies
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import HintQueue
from mailwarden.ports.reputation.app_clients import AppClients
from mailwarden.service.reputation.delivery_failure_tally import DeliveryFailureTally
from mailwarden.service.reputation.mail_event_tally import MailEventTally
from mailwarden.service.reputation.ses_notice_recorder import SesNoticeRecorder
from tests.fakes.ledger.roles import LedgerRoles
from tests.fakes.message_visibility import HeldVisibility

# The account in the examples of ``events/``, and the queues that they come from.
ACCOUNT = "123456789012"
DELIVERY_FAILURES = f"arn:aws:sqs:ap-northeast-2:{ACCOUNT}:mailwarden-delivery-failures"
FEEDBACK = f"arn:aws:sqs:ap-northeast-2:{ACCOUNT}:mailwarden-feedback"


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
    ledger: LedgerRoles,
    hints: HintQueue,
    clients: AppClients,
    clock: Clock,
    watched: tuple[str, ...] = (),
    account: str = ACCOUNT,
    visibility: HeldVisibility | None = None,
) -> TallyBatch:
    """The handler of a batch, as the function is made of it."""
    return TallyBatch(
        understand=lambda each: signal_from(each.body, queue=each.queue, account=account, partition="aws"),
        failures=FailureTallies(
            tally=DeliveryFailureTally(
                failures=ledger.failures,
                client_pools=ledger.client_pools,
                turns=ledger.turns,
                hints=hints,
                clients=clients,
                clock=clock,
                quiet=timedelta(hours=6),
            ),
            partition="aws",
            account=account,
            watched_regions=watched,
        ),
        mail=MailEventTallies(
            tally=MailEventTally(counters=ledger.counters, resources_in_use=ledger.resources_in_use, clock=clock)
        ),
        notices=NoticeTallies(noticing=SesNoticeRecorder(notices=ledger.notices, hints=hints, clock=clock)),
        backoff=lambda _: Backoff(visibility=visibility or HeldVisibility()),
    )
