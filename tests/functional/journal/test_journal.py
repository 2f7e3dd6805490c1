"""What the journal promises: entries are put once, writes are counted, and every entry can be read back for an undo."""

from typing import TYPE_CHECKING

import pytest

from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    WriteOutcome,
    Written,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.ports.repair.journal import Journal
from tests.fakes.examples import (
    ACCOUNT,
    MORNING,
    OREGON_ACCOUNT,
    OREGON_IDENTITY,
    SEOUL_POOL,
    a_cause,
    a_change,
    a_pool,
    an_intention,
    later,
)
from tests.functional.journal.conftest import TABLE
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CHANGE = a_change()
DIGEST = change_digest(CHANGE)
GRANT = GrantSending(
    identity=OREGON_IDENTITY,
    pools=(SEOUL_POOL, a_pool(2)),
    before={"mailwarden-cognito": '{"Version":"2012-10-17",\n\t"Statement":[]}', "mailwarden-cognito-2": None},
    after={"mailwarden-cognito": '{"Statement": [{"Sid": "é"}]}', "mailwarden-cognito-2": "{}"},
)
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
NOTICES = ReplaceRiskConfiguration(
    pool=SEOUL_POOL,
    before="{}",
    after=risk_text({"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.1/32"]}, "Other": {"A": "é"}}),
)
REMOVAL = RemoveSuppression(account=OREGON_ACCOUNT, address_digest="0f" * 32, reason="BOUNCE", since=MORNING)


def write(journal: Journal, number: int, outcome: WriteOutcome | None = None, *, minute: float = 0) -> None:
    """Intend a write and, unless the function died, conclude it."""
    entry_id = f"entry-{number}"
    journal.intend(an_intention(entry_id, at=later(minute)))
    if outcome is not None:
        journal.conclude(entry_id, outcome, at=later(minute))


def test_an_intention_is_put_once(journal: Journal) -> None:
    journal.intend(an_intention("entry-1"))

    with pytest.raises(ValueError, check=says("INTENTION of entry entry-1 is there already")):
        journal.intend(an_intention("entry-1", change=a_change(to_region="eu-west-1")))


def test_an_outcome_is_put_once(journal: Journal) -> None:
    write(journal, 1, Drifted(reason=verbatim("somebody was faster")))

    with pytest.raises(ValueError, check=says("entry-1")):
        journal.conclude("entry-1", Written(entry_id="entry-1"), at=later(1))
    entry = journal.entry("entry-1")
    assert entry is not None
    assert entry.outcome == Drifted(reason=verbatim("somebody was faster"))


OUTCOMES: tuple[WriteOutcome, ...] = (
    Written(entry_id="entry-1"),
    Drifted(reason=verbatim("a")),
    Refused(reason=verbatim("b")),
    SideEffect(reason=verbatim("c")),
    NotWritten(reason=verbatim("d")),
    Overtaken(reason=verbatim("e")),
)


@pytest.mark.parametrize("again", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
@pytest.mark.parametrize("first", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_an_outcome_again_is_success_and_another_one_an_error_of_its_own(
    journal: Journal, first: WriteOutcome, again: WriteOutcome
) -> None:
    write(journal, 1, first)

    if type(first) is type(again):
        journal.conclude("entry-1", again, at=later(9))
    else:
        with pytest.raises(ValueError, check=says("and it is not")) as raised:
            journal.conclude("entry-1", again, at=later(9))
        assert type(raised.value).__name__ == "ConcludedOtherwise"

    entry = journal.entry("entry-1")
    assert entry is not None
    assert (entry.outcome, entry.concluded_at) == (first, later(0))


def test_nothing_is_concluded_that_was_not_intended(journal: Journal) -> None:
    with pytest.raises(LookupError, check=says("entry entry-1 has no intention")):
        journal.conclude("entry-1", Written(entry_id="entry-1"), at=later(0))


def test_gives_the_entries_of_one_resource_since_a_time_whatever_came_of_them(journal: Journal) -> None:
    for number, outcome in enumerate((Written(entry_id="entry-0"), Refused(reason=verbatim("AccessDenied")), None)):
        write(journal, number, outcome, minute=10 * number)

    since_the_second = journal.entries_on(SEOUL_POOL.arn, since=later(10))

    assert [entry.intention.entry_id for entry in since_the_second] == ["entry-1", "entry-2"]
    assert journal.entries_on(SEOUL_POOL.arn, since=later(20.001)) == ()
    assert journal.entries_on(a_pool(2).arn, since=later(-1)) == ()


def an_intention_of(change: Change | OperatorChange) -> Intention:
    """An intention to make any change, with a cause."""
    known = an_intention(cause=a_cause())
    return Intention(
        entry_id=known.entry_id,
        at=known.at,
        findings=known.findings,
        pools=known.pools,
        title=known.title,
        change=change,
        change_digest=change_digest(change),
        cause=known.cause,
    )


@pytest.mark.parametrize("change", [CHANGE, GRANT, ROLE, REMOVAL, NOTICES], ids=str)
@pytest.mark.parametrize(
    "outcome",
    [
        None,
        Written(entry_id=an_intention().entry_id),
        Drifted(reason=verbatim("a")),
        Refused(reason=verbatim("")),
        SideEffect(reason=verbatim("b")),
        NotWritten(reason=verbatim("c")),
        Overtaken(reason=verbatim("d")),
    ],
    ids=["unfinished", "written", "drifted", "refused", "side effect", "not written", "overtaken"],
)
def test_gives_an_entry_back_as_it_was_put(
    dynamo_journal: DynamoJournal, change: Change | OperatorChange, outcome: WriteOutcome | None
) -> None:
    intention = an_intention_of(change)
    dynamo_journal.intend(intention)
    if outcome is not None:
        dynamo_journal.conclude(intention.entry_id, outcome, at=later(1))

    entry = dynamo_journal.entry(intention.entry_id)

    concluded_at = None if outcome is None else later(1)
    assert entry == Entry(intention=intention, outcome=outcome, concluded_at=concluded_at)


def test_gives_the_window_of_a_write_back(dynamo_journal: DynamoJournal) -> None:
    intention = an_intention_of(CHANGE)
    window = WriteWindow(resource=CHANGE.resource, compared_at=later(0), written_at=later(1))
    dynamo_journal.intend(intention)
    dynamo_journal.conclude(intention.entry_id, Written(entry_id=intention.entry_id, window=window), at=later(1))

    entry = dynamo_journal.entry(intention.entry_id)

    assert entry is not None
    assert isinstance(entry.outcome, Written)
    assert entry.outcome.window == window


def test_reads_an_entry_of_the_version_that_served_one_finding(
    dynamodb: "DynamoDBClient", dynamo_journal: DynamoJournal
) -> None:
    dynamo_journal.intend(an_intention("entry-1"))
    key = {"pk": {"S": "entry-1"}, "sk": {"S": "INTENTION"}}
    known = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    older = {name: value for name, value in known.items() if name not in {"findings", "pools"}}
    dynamodb.put_item(TableName=TABLE, Item={**older, "subject": {"S": SEOUL_POOL.arn}, "rule_id": {"S": "MW201"}})

    entry = dynamo_journal.entry("entry-1")

    assert entry is not None
    assert (entry.intention.findings, entry.intention.pools) == (an_intention().findings, ())


def test_knows_nothing_of_an_id_that_nobody_used(dynamo_journal: DynamoJournal) -> None:
    assert dynamo_journal.entry("entry-1") is None


def test_counts_across_the_pages_of_an_answer(dynamodb: "DynamoDBClient", dynamo_journal: DynamoJournal) -> None:
    for number in range(5):
        write(dynamo_journal, number, Written(entry_id=f"entry-{number}"))
        key = {"pk": {"S": f"entry-{number}"}, "sk": {"S": "OUTCOME"}}
        known = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        dynamodb.put_item(TableName=TABLE, Item={**known, "padding": {"S": "x" * 390_000}})
    first_page = dynamodb.query(
        TableName=TABLE,
        IndexName="by_resource",
        KeyConditionExpression="#resource = :resource",
        ExpressionAttributeNames={"#resource": "resource"},
        ExpressionAttributeValues={":resource": {"S": SEOUL_POOL.arn}},
    )

    assert "LastEvaluatedKey" in first_page
    assert len(dynamo_journal.entries_on(SEOUL_POOL.arn, since=later(-1))) == 5


def test_the_entries_of_a_resource_take_one_query_and_a_read_for_each_that_is_open(
    dynamodb: "DynamoDBClient", dynamo_journal: DynamoJournal
) -> None:
    for number in range(3):
        write(dynamo_journal, number, Written(entry_id=f"entry-{number}"))
    write(dynamo_journal, 3)
    calls: list[str] = []
    dynamodb.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))

    found = dynamo_journal.entries_on(SEOUL_POOL.arn, since=later(-1))

    assert [entry.outcome is not None for entry in found] == [True, True, True, False]
    assert calls == ["Query", "GetItem"]


@pytest.mark.parametrize(
    ("part", "member", "value", "complaint"),
    [
        ("INTENTION", "change", "{", r"entry-1 / INTENTION\.change is not JSON"),
        ("INTENTION", "change", "[]", r"entry-1 / INTENTION\.change is a list, not an object"),
        ("INTENTION", "change", '{"kind":"drop-pool"}', r"INTENTION\.change\.kind is 'drop-pool'"),
        (
            "INTENTION",
            "change",
            '{"kind":"grant-sending","identity":"x"}',
            r"INTENTION\.change\.identity: 'x' names neither",
        ),
        ("INTENTION", "at", "noon", r"INTENTION\.at is 'noon', not an ISO 8601 time"),
        ("OUTCOME", "outcome", "mended", r"entry-1 / OUTCOME\.outcome is 'mended'"),
    ],
)
def test_says_what_is_wrong_with_a_garbled_entry_and_where(
    dynamodb: "DynamoDBClient", dynamo_journal: DynamoJournal, part: str, member: str, value: str, complaint: str
) -> None:
    write(dynamo_journal, 1, Written(entry_id="entry-1"))
    key = {"pk": {"S": "entry-1"}, "sk": {"S": part}}
    known = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    dynamodb.put_item(TableName=TABLE, Item={**known, member: {"S": value}})

    with pytest.raises(MalformedDocument, check=says(complaint)):
        dynamo_journal.entry("entry-1")
