"""Notices of SES in the ledger, in memory and in DynamoDB alike: the latest word stands, in whatever order."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from mailwarden.domain.reputation.feedback import NoticeKind, SesNotice
from tests.fakes.examples import MORNING, OREGON_ACCOUNT, OREGON_IDENTITY, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOTICE = SesNotice(
    account=OREGON_ACCOUNT,
    kind=NoticeKind.SENDING_DISABLED,
    about=OREGON_IDENTITY.arn,
    text="DISABLED; too many bounces",
    at=MORNING,
)


def at(minutes: float) -> SesNotice:
    return replace(NOTICE, at=later(minutes))


def test_a_notice_is_read_as_it_was_kept(ledger: LedgerRoles) -> None:
    advice = replace(NOTICE, kind=NoticeKind.RECOMMENDATION, topic="DKIM", text="")

    assert ledger.notices.put(NOTICE, stands=True)
    assert ledger.notices.put(advice, stands=True)

    assert set(ledger.feedback.of(OREGON_ACCOUNT).notices) == {NOTICE, advice}
    assert ledger.feedback.of(replace(OREGON_ACCOUNT, region="eu-west-3")).notices == ()


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_the_latest_of_three_words_stands_in_every_order(ledger: LedgerRoles, order: tuple[int, ...]) -> None:
    words = ((at(0), True), (at(1), False), (at(2), True))

    for place in order:
        notice, stands = words[place]
        ledger.notices.put(notice, stands=stands)

    assert ledger.feedback.of(OREGON_ACCOUNT).notices == (at(2),)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_what_is_over_stays_over_in_every_order(ledger: LedgerRoles, order: tuple[int, ...]) -> None:
    words = ((at(0), True), (at(1), True), (at(2), False))

    for place in order:
        notice, stands = words[place]
        ledger.notices.put(notice, stands=stands)

    assert ledger.feedback.of(OREGON_ACCOUNT).notices == ()


def test_a_word_is_taken_unless_a_later_one_is_known(ledger: LedgerRoles) -> None:
    taken = [ledger.notices.put(at(minutes), stands=True) for minutes in (5, 4, 5, 6)]

    assert taken == [True, False, True, True]


def test_words_about_other_things_and_of_other_types_do_not_touch_each_other(ledger: LedgerRoles) -> None:
    others = [
        replace(NOTICE, about=OREGON_ACCOUNT.arn),
        replace(NOTICE, kind=NoticeKind.RECOMMENDATION),
        replace(NOTICE, kind=NoticeKind.RECOMMENDATION, topic="DKIM"),
        replace(NOTICE, kind=NoticeKind.RECOMMENDATION, topic="SPF"),
    ]
    for notice in (NOTICE, *others):
        ledger.notices.put(notice, stands=True)

    ledger.notices.put(at(1), stands=False)

    assert set(ledger.feedback.of(OREGON_ACCOUNT).notices) == set(others)


def test_a_notice_forgets_itself_after_thirty_days(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> None:
    dynamo_ledger.notices.put(NOTICE, stands=True)

    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    assert int(item["expires_at"]["N"]) == int((MORNING + timedelta(days=30)).timestamp())


def test_of_very_many_notices_fifty_are_read(ledger: LedgerRoles) -> None:
    for place in range(60):
        ledger.notices.put(replace(NOTICE, about=f"{OREGON_IDENTITY.arn}{place}"), stands=True)

    assert len(ledger.feedback.of(OREGON_ACCOUNT).notices) == 50


class Counting:
    """A client that remembers its reads, and how many items came back."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self._client = client
        self.reads: list[str] = []
        client.meta.events.register("before-call.dynamodb", self._read)
        client.meta.events.register("after-call.dynamodb", self._answered)
        self.items = 0

    def _read(self, model: Any, **_: object) -> None:  # noqa: ANN401 - of botocore
        self.reads.append(model.name)

    def _answered(self, parsed: dict[str, Any], **_: object) -> None:
        self.items += len(parsed.get("Items", []))


def test_a_look_reads_once_and_is_sent_nothing_that_is_over(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB
) -> None:
    for place in range(200):
        dynamo_ledger.notices.put(replace(NOTICE, about=f"{OREGON_ACCOUNT.arn}{place}"), stands=False)
    dynamo_ledger.notices.put(NOTICE, stands=True)
    counting = Counting(dynamodb)

    notices = dynamo_ledger.feedback.of(OREGON_ACCOUNT).notices

    assert notices == (NOTICE,)
    assert (counting.reads, counting.items) == (["Query"], 1)
