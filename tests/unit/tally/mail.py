"""Events of mails as SES writes them, and a function ``tally`` in memory that knows some pools."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, Subject
from mailwarden.domain.reputation.feedback import MailCounts
from mailwarden.service.findings.used_resources import used_by
from tests.builders import NOON, configuration_set, developer, identity, mail_path, pool
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.tally import FEEDBACK, HeldClients, Lines, tally_batch
from tests.unit.inbound.example_events import Event, bent, example

ACCOUNT = "111122223333"
SHOP = IdentityRef(partition="aws", region="us-east-1", account=ACCOUNT, name="shop.example")
MAIL = ConfigurationSetRef(partition="aws", region="us-east-1", account=ACCOUNT, name="mail")
OTHER = ConfigurationSetRef(partition="aws", region="us-east-1", account=ACCOUNT, name="other")
DAY = date(2026, 3, 2)
LONG_AGO = date(2026, 1, 1)


def bounced(
    number: object = 0,
    *,
    by: str | None = SHOP.arn,
    source: object = "no-reply@shop.example",
    through: str | None = "mail",
    kind: str = "Permanent",
    at: str = "2026-03-02T11:00:00.000Z",
) -> Event:
    """One bounce, by EventBridge."""
    event = bent(example("ses.email-bounced"), "region", SHOP.region)
    for member, value in {
        "account": ACCOUNT,
        "detail.mail.sendingAccountId": ACCOUNT,
        "detail.mail.messageId": f"message-{number}",
        "detail.mail.sourceArn": by,
        "detail.mail.source": source,
        "detail.mail.commonHeaders": None,
        "detail.mail.tags": {} if through is None else {"ses:configuration-set": [through]},
        "detail.bounce.bounceType": kind,
        "detail.bounce.feedbackId": f"feedback-{number}",
        "detail.bounce.timestamp": at,
    }.items():
        event = bent(event, member, value)
    return event


def complained(number: object = 0, *, source: str = "no-reply@shop.example") -> Event:
    """One complaint, by EventBridge."""
    event = bounced(number, source=source)
    record = {
        "eventType": "Complaint",
        "mail": event["detail"]["mail"],
        "complaint": {"feedbackId": f"complaint-{number}", "timestamp": "2026-03-02T11:00:00.000Z"},
    }
    return {**event, "detail-type": "Email Complaint Received", "detail": record}


def through_sns(event: Event) -> Event:
    """The same through a topic."""
    return {**example("sns.ses-event-publishing"), "Message": json.dumps(event["detail"])}


def path_of(name: str, *, sends_from: str | None = "no-reply@shop.example", through: str | None = "mail") -> MailPath:
    """A pool that sends as the shop's domain."""
    sets = () if through is None else (configuration_set(through),)
    its_mail = developer(SHOP, from_address=sends_from, configuration_set=through)
    return mail_path(pool(pool_id=f"us-east-1_{name}", email=its_mail), identity(SHOP.name), configuration_sets=sets)


def look_at(path: MailPath) -> LookRecord:
    """The ledger's record of a look at a sound path."""
    return LookRecord(
        pool=path.pool.ref,
        pool_name=path.pool.name,
        looked_at=NOON,
        answer=Answer.YES,
        deciding=None,
        findings=(),
        uses=used_by(path),
    )


@dataclass(slots=True)
class Box:
    """The function over a ledger in memory."""

    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    clock: TickingClock = field(default_factory=TickingClock)
    log: Lines = field(default_factory=Lines)

    def knows(self, *paths: MailPath) -> "Box":
        """Let the ledger have looked at pools."""
        for path in paths:
            self.ledger.looks.put(look_at(path))
        return self

    def handle(self, *messages: object) -> list[str]:
        """One batch; returns the ids of the messages to retry."""
        batch = tally_batch(
            ledger=self.ledger, hints=self.hints, clients=HeldClients(), clock=self.clock, account=ACCOUNT
        )
        bodies: Iterable[str] = (each if isinstance(each, str) else json.dumps(each) for each in messages)
        records = [
            {"messageId": str(place), "body": body, "eventSourceARN": FEEDBACK} for place, body in enumerate(bodies)
        ]
        answer = batch.handle({"Records": records}, log=self.log)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    def counts(self, subject: Subject) -> MailCounts:
        """What is counted of a subject."""
        return self.ledger.counters.since(subject, LONG_AGO)

    def counted_on(self, subject: Subject) -> dict[str, Counter[str]]:
        """The counts of a subject, by period."""
        return {
            counter_key.period: counts
            for counter_key, counts in self.ledger.counters.held.items()
            if counter_key.arn == subject.arn
        }

    def number(self, subject: Subject) -> int:
        """How many events are counted of a subject."""
        return sum(self.counts(subject).by_outcome.values())

    def logged(self, event: str) -> list[dict[str, object]]:
        """The members of all lines of a kind."""
        return [dict(extra) for line, extra in self.log.lines if line == event]


def pool_named(name: str) -> PoolRef:
    """The pool of ``path_of``."""
    return PoolRef(partition="aws", region="us-east-1", account=ACCOUNT, pool_id=f"us-east-1_{name}")
