"""What the function reputation keeps in the ledger: the same in memory and in DynamoDB."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mailwarden.adapters.aws.dynamodb.table import Contended
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.readings import Enforcement, SesAccount
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef, Subject, SubjectKind
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import Figures, RateStatus, SuppressionGrowth
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.domain.reputation.suppression_count import GrowthPass, RecountPass, SuppressionCount
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.message import verbatim
from tests.fakes.examples import (
    ACCOUNT,
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_look,
    a_pool,
    later,
)
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.functional.ledger.conftest import TABLE, at_once
from tests.texts import says, sentence

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

type Kept = InMemoryLedger | LedgerInDynamoDB

SET = ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="mail")
PARIS = SesAccountRef(partition="aws", region="eu-west-3", account=ACCOUNT)
ALL = frozenset(SubjectKind)
SENDERS = frozenset({SubjectKind.SES_ACCOUNT, SubjectKind.CONFIGURATION_SET})
FIGURES = Figures(sends=4_000.0, bounces=12.0, bounce_rate=0.03125, complaint_rate=0.0008)


@pytest.fixture(params=["in memory", "in DynamoDB"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "in memory":
        return InMemoryLedger()
    found: LedgerInDynamoDB = request.getfixturevalue("dynamo_ledger")
    return found


def in_use(kept: Kept, *, kinds: frozenset[SubjectKind], now: datetime) -> tuple[Subject, ...]:
    garbled: list[MalformedDocument] = []
    used = kept.resources_in_use.listed(kinds=kinds, now=now, corrupt=garbled.append)
    assert garbled == []
    return used


def slot(minutes: float, sends: float = 1.0) -> Slot:
    at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    return Slot(at=at, figures=Figures(sends=sends))


def a_count(**members: Any) -> SuppressionCount:  # noqa: ANN401 - any member of the count
    return replace(SuppressionCount(account=OREGON_ACCOUNT, revision=1), **members)


def test_what_looks_use_is_in_use_in_the_order_of_the_arns(kept: Kept) -> None:
    kept.looks.put(a_look(uses=(OREGON_IDENTITY.arn, OREGON_ACCOUNT.arn, SET.arn)))
    kept.looks.put(a_look(a_pool(2), uses=(OREGON_ACCOUNT.arn, PARIS.arn)))

    assert in_use(kept, kinds=ALL, now=MORNING) == (PARIS, OREGON_ACCOUNT, SET, OREGON_IDENTITY)
    assert in_use(kept, kinds=SENDERS, now=MORNING) == (PARIS, OREGON_ACCOUNT, SET)


def test_what_no_look_uses_any_more_is_not_in_use(kept: Kept) -> None:
    kept.looks.put(a_look(at=later(0), uses=(OREGON_ACCOUNT.arn, SET.arn)))
    kept.looks.put(a_look(a_pool(2), at=later(0), uses=(PARIS.arn,)))
    kept.looks.put(a_look(at=later(1), uses=(OREGON_ACCOUNT.arn,)))
    kept.looks.forget(a_pool(2), at=later(1))

    for now in (later(2), later(60 * 48), later(60 * 48)):
        assert in_use(kept, kinds=SENDERS, now=now) == (OREGON_ACCOUNT,)


def test_what_comes_into_use_again_is_in_use_again(kept: Kept) -> None:
    kept.looks.put(a_look(at=later(0), uses=(PARIS.arn,)))
    kept.looks.put(a_look(at=later(1), uses=(OREGON_ACCOUNT.arn,)))
    in_use(kept, kinds=SENDERS, now=later(60 * 48))

    kept.looks.put(a_look(at=later(60 * 49), uses=(PARIS.arn,)))

    assert in_use(kept, kinds=SENDERS, now=later(60 * 96)) == (PARIS,)


def test_names_that_are_nothing_of_ses_are_no_subjects_in_use(kept: Kept) -> None:
    kept.looks.put(a_look(uses=("watch", SEOUL_POOL.arn, "arn:aws:s3:::bucket", PARIS.arn)))

    assert in_use(kept, kinds=ALL, now=MORNING) == (PARIS,)


def test_a_standing_is_given_back_as_it_was_put_and_beside_the_suppression(kept: Kept) -> None:
    rate_status = RateStatus(
        subject=OREGON_ACCOUNT,
        looked_at=MORNING,
        figures=FIGURES,
        bounce_level=RateLevel.HIGH,
        complaint_level=RateLevel.ELEVATED,
        refused=verbatim("AccessDenied"),
        tried_at=later(15),
    )
    of_the_set = RateStatus(subject=SET, looked_at=None, figures=Figures())

    kept.feedback.put_rates(rate_status)
    kept.feedback.put_rates(of_the_set)
    kept.counts.put(a_count(), replaces=None)
    kept.snapshots.put(a_kept_account())

    assert kept.feedback.of(OREGON_ACCOUNT).rates == rate_status
    assert kept.feedback.of(OREGON_ACCOUNT).suppression == SuppressionGrowth(counted_to=None)
    assert kept.feedback.rates(SET) == of_the_set


def test_slots_are_kept_in_order_and_the_later_word_counts(kept: Kept) -> None:
    kept.series.put(OREGON_ACCOUNT, [slot(30), slot(0), slot(15)])
    kept.series.put(SET, [slot(15, sends=9)])

    kept.series.put(OREGON_ACCOUNT, [slot(15, sends=7)])

    assert kept.series.since(OREGON_ACCOUNT, slot(15).at) == (slot(15, sends=7), slot(30))
    assert kept.series.since(OREGON_ACCOUNT, slot(31).at) == ()
    assert kept.series.since(PARIS, slot(0).at) == ()


def test_a_week_of_slots_is_kept_at_once(kept: Kept) -> None:
    week = [slot(15 * place, sends=place / 8) for place in range(7 * 96)]

    kept.series.put(OREGON_ACCOUNT, week)

    assert kept.series.since(OREGON_ACCOUNT, week[0].at) == tuple(week)


def a_kept_account(*, minutes: float = 0, sent: float = 12.5) -> AccountSnapshot:
    return AccountSnapshot(
        account=SesAccount(
            ref=OREGON_ACCOUNT,
            production_access=False,
            sending_enabled=True,
            enforcement=Enforcement.PROBATION,
            max_24_hour_send=-1.0,
            sent_last_24_hours=sent,
            suppressed_reasons=frozenset({"BOUNCE"}),
        ),
        read_at=later(minutes),
    )


def test_an_account_is_given_back_as_it_was_last_kept(kept: Kept) -> None:
    before = kept.snapshots.last(OREGON_ACCOUNT)
    kept.snapshots.put(a_kept_account())
    kept.snapshots.put(a_kept_account(minutes=15, sent=80.0))

    assert before is None
    assert kept.snapshots.last(OREGON_ACCOUNT) == a_kept_account(minutes=15, sent=80.0)
    assert kept.snapshots.last(PARIS) is None


@pytest.mark.parametrize(
    "count",
    [
        a_count(),
        a_count(
            known=SuppressionGrowth(
                counted_to=MORNING,
                added={date(2026, 3, 1): {"BOUNCE": 3, "COMPLAINT": 1}, date(2026, 3, 2): {}},
                total={"BOUNCE": 70_000},
                total_at=later(-60),
                refused=verbatim("TooManyRequestsException: ses:ListSuppressedDestinations in us-west-2"),
            ),
            growth=GrowthPass(since=later(-15), to=later(0), counts={date(2026, 3, 2): {"BOUNCE": 9}}, after="t-1"),
            recount=RecountPass(started_at=later(-5), counts={"BOUNCE": 4_000}, after="t-2"),
            told=date(2026, 3, 2),
            revision=7,
        ),
        a_count(growth=GrowthPass(since=later(-15), to=later(0)), recount=RecountPass(started_at=MORNING)),
    ],
    ids=["nothing counted", "everything under way", "passes begun anew"],
)
def test_a_count_is_given_back_as_it_was_put(kept: Kept, count: SuppressionCount) -> None:
    put = kept.counts.put(count, replaces=None)

    assert put
    assert kept.counts.read(OREGON_ACCOUNT) == count
    assert kept.feedback.of(OREGON_ACCOUNT).suppression == count.known
    assert kept.counts.read(PARIS) is None


def test_a_count_is_replaced_only_by_who_read_it_last(kept: Kept) -> None:
    first = kept.counts.put(a_count(revision=1), replaces=None)
    again = kept.counts.put(a_count(revision=1), replaces=None)
    second = kept.counts.put(a_count(revision=2), replaces=1)
    late = kept.counts.put(a_count(revision=2, told=date(2026, 3, 2)), replaces=1)

    assert (first, again, second, late) == (True, False, True, False)
    assert kept.counts.read(OREGON_ACCOUNT) == a_count(revision=2)


def test_what_is_listed_and_not_yet_looked_at_is_not_dropped(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0), uses=(PARIS.arn,)))
    entry = {"pk": {"S": f"USES#{PARIS.arn}"}, "sk": {"S": f"POOL#{SEOUL_POOL.arn}"}}
    put_later = dynamodb.get_item(TableName=TABLE, Key=entry)["Item"]
    dynamodb.delete_item(TableName=TABLE, Key=entry)

    meanwhile = in_use(dynamo_ledger, kinds=SENDERS, now=later(1))
    dynamodb.put_item(TableName=TABLE, Item=put_later)

    assert meanwhile == ()
    assert in_use(dynamo_ledger, kinds=SENDERS, now=later(2)) == (PARIS,)


def test_what_nobody_uses_for_a_day_is_dropped_from_the_list(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0), uses=(PARIS.arn, OREGON_ACCOUNT.arn)))
    dynamo_ledger.looks.put(a_look(at=later(1), uses=(OREGON_ACCOUNT.arn,)))

    in_use(dynamo_ledger, kinds=SENDERS, now=later(60 * 25))

    listed = [item["sk"]["S"] for item in dynamodb.scan(TableName=TABLE)["Items"] if item["pk"]["S"] == "INUSE"]
    assert listed == [OREGON_ACCOUNT.arn]


def test_slots_expire_after_ninety_days_and_nothing_else_does(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    dynamo_ledger.series.put(OREGON_ACCOUNT, [slot(0)])
    dynamo_ledger.feedback.put_rates(RateStatus(subject=OREGON_ACCOUNT, looked_at=MORNING, figures=FIGURES))
    dynamo_ledger.snapshots.put(a_kept_account())
    dynamo_ledger.counts.put(a_count(), replaces=None)

    items = dynamodb.scan(TableName=TABLE)["Items"]

    expiring = {item["pk"]["S"]: int(item["expires_at"]["N"]) for item in items if "expires_at" in item}
    assert len(items) == 4
    assert expiring == {f"SERIES#{OREGON_ACCOUNT.arn}": int((slot(0).at + timedelta(days=90)).timestamp())}


class Full:
    """A client whose table takes the first items of each batch only; *takes* 0 is a table that takes none."""

    def __init__(self, client: "DynamoDBClient", *, takes: int) -> None:
        self._client = client
        self._takes = takes

    def batch_write_item(self, **arguments: Any) -> Any:  # noqa: ANN401 - passed on
        ((table, requests),) = arguments["RequestItems"].items()
        taken, left = requests[: self._takes], requests[self._takes :]
        if taken:
            self._client.batch_write_item(RequestItems={table: taken})
        return {"UnprocessedItems": {table: left} if left else {}}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the client's
        return getattr(self._client, name)


def test_slots_that_the_table_did_not_take_are_put_again(dynamodb: "DynamoDBClient") -> None:
    ledger = LedgerInDynamoDB(Full(dynamodb, takes=10), TABLE)  # type: ignore[arg-type]

    ledger.series.put(OREGON_ACCOUNT, [slot(15 * place) for place in range(60)])

    assert len(ledger.series.since(OREGON_ACCOUNT, slot(0).at)) == 60


def test_a_table_that_takes_nothing_is_an_error(dynamodb: "DynamoDBClient") -> None:
    ledger = LedgerInDynamoDB(Full(dynamodb, takes=0), TABLE, sleep=at_once)  # type: ignore[arg-type]

    with pytest.raises(Contended, check=says("series arn:aws:ses:us-west-2")):
        ledger.series.put(OREGON_ACCOUNT, [slot(0)])


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"sending_enabled": {"S": "yes"}}, "sending_enabled is 'yes', not true or false"),
        ({"max_24_hour_send": {"BOOL": True}}, "max_24_hour_send is True, not a number"),
        ({"enforcement": {"S": "FINE"}}, "enforcement is 'FINE', not one of HEALTHY"),
    ],
)
def test_says_what_is_wrong_with_a_garbled_account(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient", changed: dict[str, Any], complaint: str
) -> None:
    dynamo_ledger.snapshots.put(a_kept_account())
    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    dynamodb.put_item(TableName=TABLE, Item={**item, **changed})

    with pytest.raises(MalformedDocument, check=says(complaint)):
        dynamo_ledger.snapshots.last(OREGON_ACCOUNT)


def test_says_what_is_wrong_with_a_garbled_count(dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient") -> None:
    dynamo_ledger.counts.put(a_count(), replaces=None)
    (item,) = dynamodb.scan(TableName=TABLE)["Items"]
    dynamodb.put_item(TableName=TABLE, Item={**item, "told_day": {"S": "monday"}})

    with pytest.raises(MalformedDocument, check=says("told_day is 'monday', not a day")):
        dynamo_ledger.counts.read(OREGON_ACCOUNT)


def test_a_count_that_was_forgotten_can_be_put_anew(kept: Kept) -> None:
    kept.counts.put(a_count(revision=7), replaces=None)

    kept.counts.forget(OREGON_ACCOUNT)
    kept.counts.forget(PARIS)

    assert kept.counts.read(OREGON_ACCOUNT) is None
    assert kept.feedback.of(OREGON_ACCOUNT).suppression is None
    assert kept.counts.put(a_count(), replaces=None)


def test_a_garbled_entry_of_what_is_in_use_is_told_and_hides_nothing(
    dynamo_ledger: LedgerInDynamoDB, dynamodb: "DynamoDBClient"
) -> None:
    dynamo_ledger.looks.put(a_look(at=later(0), uses=(PARIS.arn,)))
    for arn in (PARIS.arn, OREGON_ACCOUNT.arn):
        dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": "INUSE"}, "sk": {"S": arn}, "format": {"N": "1"}})
    garbled: list[MalformedDocument] = []

    used = dynamo_ledger.resources_in_use.listed(kinds=SENDERS, now=later(60 * 48), corrupt=garbled.append)

    assert used == (PARIS,)
    assert [sentence(error) for error in garbled] == [
        f"INUSE / {arn}.listed_at is missing" for arn in (PARIS.arn, OREGON_ACCOUNT.arn)
    ]
