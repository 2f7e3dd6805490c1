"""Whatever one message holds, it is refused by its name and kept, and the messages beside it are handled."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.refs.hints import Hint, PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.inbound.cloudtrail.events import hints_from_event
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.batch import SqsRecord
from mailwarden.inbound.sqs.hints import HintBatch
from mailwarden.inbound.sqs.repairs import RepairBatch
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.ports.findings.webhook import Delivered, PostResult
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.queue_messages.codec import hint_body, hint_from, is_ours, json_object, order_body, order_from_body
from mailwarden.service.findings.slack_delivery import SlackDelivery, WebhookPoster
from mailwarden.service.repair.repair import Repaired
from tests.builders import developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, TickingClock, cause
from tests.fakes.examples import a_pool, a_record, an_order
from tests.fakes.inspection import concerned_pools_of
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.fakes.message_visibility import HeldVisibility
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.tally import ACCOUNT, DELIVERY_FAILURES, FEEDBACK, HeldClients, tally_batch
from tests.unit.inbound.example_events import bent, example

if TYPE_CHECKING:
    from mailwarden.service.repair.order_runner import OrderRunner

FIRST, GARBLED, LAST = "first", "garbled", "last"
ARN = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_A"
HINT = {"mailwarden": "hint", "version": 1, "look_at": "pool", "arn": ARN}
BODIES = {
    "nothing": "",
    "no JSON": "a text",
    "half a document": '{"mailwarden":',
    "null": "null",
    "a list": "[]",
    "a text": '"hint"',
    "a number": "1",
    "no number": "NaN",
    "a huge number": "9" * 5000,
    "an endless number": '{"mailwarden": "hint", "version": 1e999}',
    "an empty object": "{}",
    "a foreign kind": '{"mailwarden": 7}',
    "no version": '{"mailwarden": "hint"}',
    "another version": json.dumps({**HINT, "version": 2}),
    "nested lists": "[" * 100_000,
    "nested objects": '{"detail":' * 50_000,
    "half a pair": json.dumps({**HINT, "arn": f"{ARN}\ud800", "cause": {"at": "\ud800"}}),
    "no time": json.dumps({**HINT, "cause": {"event_name": "a", "event_id": "b", "at": "0000-00-00"}}),
    "a time at the end of time": json.dumps(
        bent(example("cognito-idp.update-user-pool"), "detail.eventTime", "9999-12-31T23:59:59-23:59") | {"account": 1}
    ),
    "an event without details": json.dumps(bent(example("cognito-idp.update-user-pool"), "detail", [])),
    "an event of nothing": '{"detail-type": {}, "source": [], "account": null, "region": 1, "detail": "x"}',
    "an alert of nothing": '{"mailwarden": "alert", "version": 1, "rule": [], "subject": {"arn": 5}}',
    "an envelope of SNS without a message": '{"Type": "Notification", "Message": {"a": 1}}',
}


class Defect(RuntimeError):
    """A fault of ours that a record brings to light."""


@dataclass(slots=True, kw_only=True)
class Handled:
    """What became of a batch: the ids of the messages to retry, the log, and which good records had their effect."""

    again: set[str]
    log: KeptLog
    served: set[str]

    def reasons_of(self, record: str) -> list[str]:
        """What the log says about a record, by its name."""
        lines = [(event, extra) for event, extra in self.log.lines if record in map(str, extra.values())]
        return [f"{event}: {extra.get('reason', '')}" for event, extra in lines]


type Defective = type[Exception] | None
type Reader = Callable[[str, Defective], Handled]


def records(good: Mapping[str, str], garbled: str, **more: object) -> dict[str, object]:
    """Two good messages of a queue, and a garbled one between them."""
    bodies = {FIRST: good[FIRST], GARBLED: garbled, LAST: good[LAST]}
    return {"Records": [{"messageId": name, "body": body, **more} for name, body in bodies.items()]}


def ids(response: Any) -> set[str]:  # noqa: ANN401 - the response of any reader
    return {failure["itemIdentifier"] for failure in response["batchItemFailures"]}


def breaking[M, T](read: Callable[[M], T], *, at: Callable[[M], bool], defect: Defective) -> Callable[[M], T]:
    """A reader of messages that fails at one of them in a way that nobody expects."""

    def reads(message: M) -> T:
        if defect is not None and at(message):
            raise defect("nobody expects this")
        return read(message)

    return reads


POOLS = {name: pool(pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in (FIRST, LAST)}
HINTS = {name: hint_body(PoolHint(pool=each.ref, cause=cause())) for name, each in POOLS.items()}


def hints_in(body: str) -> tuple[Hint, ...]:
    document = json_object(body)
    if is_ours(document):
        return (hint_from(document),)
    return hints_from_event(document, account=ACCOUNT, partition="aws")


def by_inspect(garbled: str, defect: Defective = None) -> Handled:
    mailwarden, log = Deployment(), KeptLog()
    mailwarden.hold(*POOLS.values(), identity())
    batch = HintBatch(
        pools=concerned_pools_of(mailwarden),
        inspector=mailwarden.inspector(),
        understand=breaking(hints_in, at=garbled.__eq__, defect=defect),
        backoff=Backoff(visibility=HeldVisibility()),
    )
    again = ids(batch.handle(records(HINTS, garbled), log=log))
    looked_at = mailwarden.ledger.looks.held
    return Handled(again=again, log=log, served={name for name, each in POOLS.items() if each.ref in looked_at})


@dataclass(slots=True)
class Runner:
    """Runs orders by noting their pools."""

    ran: list[str] = field(default_factory=list)

    def run(self, order: RepairOrder, **_: object) -> Iterator[Repaired]:
        self.ran.append(order.pool_arn)
        yield Repaired(pool=PoolRef.from_arn(order.pool_arn), rule_id=order.rule_id, note=None)


@dataclass(slots=True)
class Uncounted:
    """Implements ``RepairCounter``: nothing is written here."""

    def repaired(self, *, took: timedelta | None) -> None:
        raise AssertionError(took)

    def written_within(self, window: object) -> None:
        raise AssertionError(window)


def by_repair(garbled: str, defect: Defective = None) -> Handled:
    runner, log, pools = Runner(), KeptLog(), {FIRST: a_pool(1), LAST: a_pool(2)}
    batch = RepairBatch(
        runner=cast("OrderRunner", runner),
        understand=breaking(order_from_body, at=garbled.__eq__, defect=defect),
        counter=Uncounted(),
        backoff=Backoff(visibility=HeldVisibility()),
    )
    good = {name: order_body(an_order(each)) for name, each in pools.items()}
    # Each order is of a group of its own: what waits behind a failure is another test.
    event = records(good, garbled)
    for record in cast("list[dict[str, object]]", event["Records"]):
        record["attributes"] = {"MessageGroupId": record["messageId"]}
    again = ids(batch.handle(event, log=log))
    return Handled(again=again, log=log, served={name for name, each in pools.items() if each.arn in runner.ran})


def by_tally(garbled: str, defect: Defective, *, queue: str, good: Mapping[str, str]) -> tuple[InMemoryLedger, Handled]:
    ledger, log = InMemoryLedger(), KeptLog()
    batch = tally_batch(
        ledger=ledger,
        hints=InMemoryHintQueue(),
        clients=HeldClients(),
        clock=TickingClock(),
        watched=("ap-northeast-2",),
    )

    def is_garbled(record: SqsRecord) -> bool:
        return record.body == garbled

    batch = replace(batch, understand=breaking(batch.understand, at=is_garbled, defect=defect))
    again = ids(batch.handle(records(good, garbled, eventSourceARN=queue), log=log))
    return ledger, Handled(again=again, log=log, served=set())


def by_tally_of_failures(garbled: str, defect: Defective = None) -> Handled:
    names = {name: f"ap-northeast-2_{name}" for name in (FIRST, LAST)}
    sign_up = example("cognito-idp.sign-up.not-sent")
    good = {
        name: json.dumps(bent(sign_up, "detail.requestParameters", {"userPoolId": pool_id}))
        for name, pool_id in names.items()
    }
    ledger, handled = by_tally(garbled, defect, queue=DELIVERY_FAILURES, good=good)
    counted = {each.pool_id for each in ledger.failures.held}
    return replace(handled, served={name for name, pool_id in names.items() if pool_id in counted})


def by_tally_of_notices(garbled: str, defect: Defective = None) -> Handled:
    opened = example("ses.advisor-recommendation-open")
    regions = {FIRST: "us-east-1", LAST: "eu-west-1"}
    good = {name: json.dumps({**opened, "region": region, "resources": []}) for name, region in regions.items()}
    ledger, handled = by_tally(garbled, defect, queue=FEEDBACK, good=good)
    noticed = {notice.account.region for notice, _ in ledger.notices.held.values()}
    return replace(handled, served={name for name, region in regions.items() if region in noticed})


@dataclass(slots=True)
class Wall:
    """Implements ``Webhook`` and ``MessageVisibility``: every post is kept."""

    posts: list[str] = field(default_factory=list)

    def post(self, payload: object) -> PostResult:
        self.posts.append(json.dumps(payload))
        return Delivered()

    def hide(self, waits: Mapping[str, int]) -> tuple[str, ...]:
        assert set(waits.values()) <= {0}
        return ()


FINDINGS = {name: a_record(subject=a_pool(number)) for number, name in enumerate((FIRST, LAST), start=1)}


def by_slack(garbled: str, defect: Defective = None) -> Handled:
    assert defect is None, "a batch of the chat queue has one message"
    wall, log = Wall(), KeptLog()
    notices = {name: notice_of(alert_of(each), rule_pages="https://docs.example/") for name, each in FINDINGS.items()}
    batch = SlackBatch(delivery=SlackDelivery(poster=WebhookPoster(webhook=wall)), visibility=wall, sleep=float)
    good = {name: alert_body(notice) for name, notice in notices.items()}
    again = ids(batch.handle(records(good, garbled), log=log))
    posted = "".join(wall.posts)
    return Handled(again=again, log=log, served={name for name, each in FINDINGS.items() if pool_of(each) in posted})


def pool_of(record: FindingRecord) -> str:
    assert isinstance(record.finding.subject, PoolRef)
    return record.finding.subject.pool_id


READERS: dict[str, Reader] = {
    "inspect": by_inspect,
    "repair": by_repair,
    "tally, failed deliveries": by_tally_of_failures,
    "tally, feedback": by_tally_of_notices,
    "slack": by_slack,
}


@pytest.mark.parametrize("garbled", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_a_garbled_message_is_kept_and_named_and_the_messages_beside_it_are_handled(
    reader: Reader, garbled: str
) -> None:
    handled = reader(garbled, None)

    assert handled.served == {FIRST, LAST}
    assert handled.again == {GARBLED}
    assert any(reason.rpartition(": ")[2] for reason in handled.reasons_of(GARBLED))


@pytest.mark.parametrize("reader", [each for each in READERS.values() if each is not by_slack])
def test_a_message_that_brings_a_fault_of_ours_to_light_stops_no_other(reader: Reader) -> None:
    handled = reader("a body that nobody expects", Defect)

    assert handled.served == {FIRST, LAST}
    assert handled.again == {GARBLED}
    assert handled.reasons_of(GARBLED)
