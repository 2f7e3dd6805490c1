"""From the chat queue to the webhook: in order, within its rate limit, none lost, none after a newer one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility
from mailwarden.adapters.slack.webhook import HttpWebhook
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.message import message
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater, Webhook
from mailwarden.service.findings.slack_delivery import SlackDelivery, WebhookPoster
from tests.fakes.examples import a_pool, a_record
from tests.functional.slack.hooks import Hook, Reply

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

LATER = RetryLater(reason=message("webhook.status", status=503))


@dataclass(slots=True)
class Log:
    """A log that can be read."""

    lines: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)

    def info(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append(("info", event, extra))

    def error(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append(("error", event, extra))

    def exception(self, event: str, *, extra: Mapping[str, object]) -> None:
        self.lines.append(("exception", event, extra))

    def events(self) -> list[str]:
        return [event for _, event, _ in self.lines]


@dataclass(slots=True)
class ScriptedWebhook:
    """A webhook that gives these answers in turn, and takes everything after them."""

    answers: list[PostResult | Exception]
    headlines: list[str] = field(default_factory=list)

    def post(self, payload: Any) -> PostResult:  # noqa: ANN401 - read as what it is
        self.headlines.append(payload["text"])
        answer = self.answers.pop(0) if self.answers else Delivered()
        if isinstance(answer, Exception):
            raise answer
        return answer


def batch_of(webhook: Webhook, sqs: "SQSClient", url: str, *, sleep: Callable[[float], object] = float) -> SlackBatch:
    return SlackBatch(
        delivery=SlackDelivery(poster=WebhookPoster(webhook=webhook)),
        visibility=SqsMessageVisibility(client=sqs, queue_url=url),
        sleep=sleep,
    )


@dataclass(slots=True, kw_only=True)
class Chat:
    """The chat queue with messages in it, as Lambda hands them over."""

    sqs: "SQSClient"
    url: str

    def put(self, records: Sequence[FindingRecord]) -> None:
        for record in records:
            ChatQueue(self.sqs, self.url, rule_pages="https://docs.example/rules/").send(alert_of(record))

    def event(self) -> dict[str, object]:
        """The next batch, in the form of the event source mapping."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return {
            "Records": [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message["Attributes"],
                }
                for message in answer.get("Messages", [])
            ],
        }

    def handle(self, answers: list[PostResult | Exception], log: Log | None = None) -> tuple[list[str], list[int]]:
        """Handle the next batch: the headlines that were posted, and the places of the records that failed.

        Delete messages that did not fail, like the event source mapping.
        """
        event = self.event()
        records = cast("list[dict[str, str]]", event["Records"])
        webhook = ScriptedWebhook(answers)
        delivery = batch_of(webhook, self.sqs, self.url)
        failed = [
            failure["itemIdentifier"] for failure in delivery.handle(event, log=log or Log())["batchItemFailures"]
        ]
        places = {record["messageId"]: place for place, record in enumerate(records)}
        for record in records:
            if record["messageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=record["receiptHandle"])
        return webhook.headlines, [places[message_id] for message_id in failed]


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        sqs = boto3.client("sqs", region_name="eu-west-1")
        queue = sqs.create_queue(QueueName="chat.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "360"})
        yield Chat(sqs=sqs, url=queue["QueueUrl"])


def named(*names: str) -> list[FindingRecord]:
    """Records about different pools, recognizable by the pool's name."""
    return [a_record(subject=a_pool(number), pool_name=name) for number, name in enumerate(names, start=1)]


def told(headlines: list[str]) -> list[str]:
    """The names of the pools in the headlines."""
    return [headline.split(" cannot send mail")[0].split(": pool ")[1] for headline in headlines]


def test_delivers_in_order(chat: Chat) -> None:
    chat.put(named("one", "two", "three"))

    headlines, failed = chat.handle([])

    assert told(headlines) == ["one", "two", "three"]
    assert failed == []


def test_a_waiting_alert_holds_back_everything_behind_it(chat: Chat) -> None:
    chat.put(named("one", "two", "three", "four"))

    headlines, failed = chat.handle([Delivered(), RetryLater(reason=message("webhook.status", status=429), after=0)])
    again, failed_again = chat.handle([])

    assert told(headlines) == ["one", "two"]
    assert failed == [1, 2, 3]
    assert told(again) == ["two", "three", "four"]
    assert failed_again == []


def visibility(chat: Chat, event: Mapping[str, object], webhook: ScriptedWebhook) -> list[tuple[int, int]]:
    """Handle a batch; how long each of its records is hidden afterwards."""
    calls: list[dict[str, Any]] = []

    def remember(params: dict[str, Any], **_: object) -> None:
        calls.append(params)

    chat.sqs.meta.events.register("provide-client-params.sqs.ChangeMessageVisibilityBatch", remember)
    batch_of(webhook, chat.sqs, chat.url).handle(event, log=Log())
    records = cast("list[dict[str, str]]", event["Records"])
    places = {record["receiptHandle"]: place for place, record in enumerate(records)}
    return [(places[entry["ReceiptHandle"]], entry["VisibilityTimeout"]) for call in calls for entry in call["Entries"]]


def test_waits_as_long_as_the_webhook_asks(chat: Chat) -> None:
    chat.put(named("one", "two", "three"))

    hidden = visibility(
        chat, chat.event(), ScriptedWebhook([Delivered(), RetryLater(reason=message("webhook.no-url"), after=17)])
    )

    assert hidden == [(1, 17), (2, 17)]


@pytest.mark.parametrize(("received", "seconds"), [(1, 5), (2, 10), (5, 80), (8, 600), (100, 600)])
def test_waits_longer_each_time_without_a_retry_after(chat: Chat, received: int, seconds: int) -> None:
    chat.put(named("one"))
    event = cast("dict[str, list[dict[str, dict[str, str]]]]", chat.event())
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(received)

    assert visibility(chat, event, ScriptedWebhook([LATER])) == [(0, seconds)]


def test_an_alert_that_is_refused_for_good_fails_alone_with_a_reason(chat: Chat) -> None:
    chat.put(named("one", "two", "three"))
    log = Log()

    headlines, failed = chat.handle(
        [Delivered(), Rejected(reason=message("webhook.word", status=400, word="invalid_payload"))], log
    )

    assert told(headlines) == ["one", "two", "three"]
    assert failed == [1]
    ((level, _, extra),) = [line for line in log.lines if line[1] == "alert refused"]
    assert level == "error"
    assert extra["reason"] == "webhook.word status=400 word=invalid_payload"


def test_a_refused_alert_returns_at_once_so_that_it_soon_is_in_the_dead_letter_queue(chat: Chat) -> None:
    chat.put(named("one"))

    hidden = visibility(chat, chat.event(), ScriptedWebhook([Rejected(reason=message("webhook.no-url"))]))

    assert hidden == [(0, 0)]


def test_no_newer_version_passes_one_that_was_refused(chat: Chat) -> None:
    first, second = a_record(pool_name="one"), a_record(pool_name="one", version=2)
    other = a_record(subject=a_pool(2), pool_name="two")
    chat.put([first, second, other])

    headlines, failed = chat.handle([Rejected(reason=message("webhook.word", status=404, word="no_service"))])

    assert told(headlines) == ["one", "two"]
    assert failed == [0, 1]


def test_a_malformed_message_fails_alone_with_a_reason(chat: Chat) -> None:
    chat.put(named("one"))
    chat.sqs.send_message(
        QueueUrl=chat.url, MessageBody='{"mailwarden":"hint"}', MessageGroupId="chat", MessageDeduplicationId="x"
    )
    chat.put(named("zero", "two")[1:])
    log = Log()

    headlines, failed = chat.handle([], log)

    assert told(headlines) == ["one", "two"]
    assert failed == [1]
    assert ("error", "message not understood") in [(level, event) for level, event, _ in log.lines]
    assert "MalformedMessage: message.other-kind found='hint' kind=alert" in str(log.lines)


def test_an_error_of_ours_does_not_repeat_delivered_alerts(chat: Chat) -> None:
    chat.put(named("one", "two", "three"))
    log = Log()

    headlines, failed = chat.handle([Delivered(), RuntimeError("a bug")], log)

    assert told(headlines) == ["one", "two"]
    assert failed == [1, 2]
    assert log.events() == ["alert delivered", "delivery failed"]


@dataclass(slots=True)
class NoWaiting:
    """An SQS that does not let us change how long a message is hidden."""

    def change_message_visibility_batch(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ChangeMessageVisibilityBatch")


def test_a_wait_that_cannot_be_set_fails_nothing_that_was_delivered(chat: Chat) -> None:
    chat.put(named("one", "two"))
    log = Log()
    webhook = ScriptedWebhook([Delivered(), LATER])

    failures = batch_of(webhook, cast("SQSClient", NoWaiting()), chat.url).handle(chat.event(), log=log)

    assert len(failures["batchItemFailures"]) == 1
    assert log.lines[-1] == ("error", "wait not set", {"reason": "AccessDenied"})


def test_an_empty_batch_is_nothing_to_do(chat: Chat) -> None:
    assert chat.handle([]) == ([], [])


def test_nothing_of_a_person_or_of_the_alert_itself_is_logged(chat: Chat) -> None:
    chat.put(named("one", "two"))
    log = Log()

    chat.handle([Delivered(), LATER], log)

    assert {key for _, _, extra in log.lines for key in extra} == {
        "message_id",
        "alert_id",
        "rule",
        "reason",
        "asked_to_wait",
    }


@dataclass(slots=True)
class FixedAddress:
    """Where the webhook of the test listens."""

    url: str

    def current(self) -> str:
        return self.url

    def forget(self) -> None:
        """Nothing to forget."""


def test_the_whole_way_with_a_webhook_that_listens(chat: Chat, hook: Hook) -> None:
    chat.put(named("one", "two"))
    hook.replies += [Reply(), Reply(status=429, headers=(("Retry-After", "1"),))]
    webhook = HttpWebhook(FixedAddress(f"{hook.origin}/services/x"), origins=[hook.origin])
    event = chat.event()

    failures = batch_of(webhook, chat.sqs, chat.url).handle(event, log=Log())

    records = cast("list[dict[str, str]]", event["Records"])
    assert failures == {"batchItemFailures": [{"itemIdentifier": records[1]["messageId"]}]}
    assert len(hook.bodies) == 2
    assert b"CRITICAL: pool one cannot send mail" in hook.bodies[0]
