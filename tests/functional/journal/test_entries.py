"""Operators read the journal by time, over the ends of months, within a bound, and see what became of each entry."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastjsonschema
import pytest

from mailwarden.adapters.aws.dynamodb import journal_entries
from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.adapters.aws.dynamodb.journal_entries import DynamoJournalEntries
from mailwarden.adapters.aws.dynamodb.table import Contended
from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    RemoveSuppression,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.operator.journal_question import EntriesQuestion, EntryQuestion
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Drifted, Intention, Written
from mailwarden.inbound.invoke.journal_question import JournalQuestions
from mailwarden.message import verbatim
from mailwarden.service.operator.read_journal import JournalReader
from tests.fakes.examples import ACCOUNT, OREGON_ACCOUNT, OREGON_IDENTITY, a_cause, a_pool, an_intention
from tests.fakes.journal import InMemoryJournal, InMemoryJournalEntries
from tests.fakes.logs import KeptLog
from tests.functional.journal.conftest import TABLE
from tools.screen.journal_text import journal_text
from tools.screen.terminal import console_for, show

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "journal.schema.json").read_text(encoding="utf-8"))
validate: Callable[[object], object] = fastjsonschema.compile(SCHEMA)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
JANE = "jane.doe@corp.example"
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
REMOVAL = RemoveSuppression(account=OREGON_ACCOUNT, address_digest="0f" * 32, reason="BOUNCE", since=NEW_YEAR)
NOTICES = ReplaceRiskConfiguration(
    pool=a_pool(1),
    before="{}",
    after=risk_text({"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"ReplyTo": "help@shop.example"}}}),
)


def statement(*pools: PoolRef) -> str:
    arns = [pool.arn for pool in pools]
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": arns}}
    allow = {"Sid": "MailwardenGlobal", "Effect": "Allow", "Condition": condition, "Resource": OREGON_IDENTITY.arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


GRANT = GrantSending(
    identity=OREGON_IDENTITY,
    pools=tuple(map(a_pool, range(2, 10))),
    before={"mailwarden-cognito": statement(a_pool(1)), "mailwarden-cognito-2": None},
    after={
        "mailwarden-cognito": statement(*map(a_pool, range(1, 9))),
        "mailwarden-cognito-2": statement(a_pool(9)),
    },
)


def put(journal: DynamoJournal, entry_id: str, intention: Intention) -> None:
    journal.intend(replace(intention, entry_id=entry_id))


@pytest.fixture
def filled(dynamo_journal: DynamoJournal) -> DynamoJournal:
    """One entry of each kind, before and after the end of a year, and what undid one of them."""
    moved = an_intention(at=NEW_YEAR - timedelta(days=40), cause=replace(a_cause(), actor=f"user/{JANE}"))
    put(dynamo_journal, "move", moved)
    dynamo_journal.conclude("move", Written(entry_id="move"), at=NEW_YEAR - timedelta(days=40))
    put(dynamo_journal, "grant", replace(moved, at=NEW_YEAR - timedelta(seconds=1), change=GRANT, pools=GRANT.pools))
    dynamo_journal.conclude("grant", Written(entry_id="grant"), at=NEW_YEAR + timedelta(seconds=1))
    put(dynamo_journal, "role", replace(moved, at=NEW_YEAR, change=ROLE, cause=None))
    dynamo_journal.conclude("role", Drifted(reason=verbatim(f"{JANE} was faster")), at=NEW_YEAR)
    put(dynamo_journal, "removal", replace(moved, at=NEW_YEAR + timedelta(hours=1), change=REMOVAL, pools=()))
    undo = replace(
        moved,
        at=NEW_YEAR + timedelta(hours=2),
        change=replace(GRANT, before=GRANT.after, after=GRANT.before),
        pools=GRANT.pools,
        undoes="grant",
    )
    put(dynamo_journal, "undo", undo)
    dynamo_journal.conclude("undo", Written(entry_id="undo"), at=NEW_YEAR + timedelta(hours=2))
    return dynamo_journal


class Clock:
    def now(self) -> datetime:
        return NEW_YEAR + timedelta(days=1)


@pytest.fixture
def questions(filled: DynamoJournal, dynamodb: "DynamoDBClient") -> JournalQuestions:
    assert filled.entry("move") is not None
    return JournalQuestions(
        reader=JournalReader(journal=DynamoJournalEntries(dynamodb, TABLE), clock=Clock(), account=ACCOUNT)
    )


def ask(questions: JournalQuestions, **asked: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(questions.answer({"journal": asked}, log=KeptLog())))
    validate(document)
    assert JANE not in json.dumps(document)
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [entry["id"] for entry in document["entries"]]


def test_the_latest_come_first_over_the_ends_of_months(questions: JournalQuestions) -> None:
    assert ids(ask(questions)) == ["undo", "removal", "role", "grant"]
    assert ids(ask(questions, since="90d")) == ["undo", "removal", "role", "grant", "move"]
    assert ids(ask(questions, since="2026-01-01")) == ["undo", "removal", "role"]
    assert ids(ask(questions, pool=a_pool(9).pool_id)) == ["undo", "grant"]
    assert ids(ask(questions, identity=OREGON_IDENTITY.name)) == ["undo", "grant"]
    assert ids(ask(questions, pool=a_pool(77).arn)) == []


def test_the_entries_of_some_resources_come_latest_first_with_their_outcomes(
    filled: DynamoJournal, dynamodb: "DynamoDBClient"
) -> None:
    until = NEW_YEAR + timedelta(days=1)
    entries = [filled.entry(each) for each in ("undo", "removal", "role", "grant", "move")]
    in_memory = InMemoryJournal(
        intentions={each.intention.entry_id: each.intention for each in entries if each is not None},
        outcomes={
            each.intention.entry_id: (each.outcome, each.concluded_at)
            for each in entries
            if each is not None and each.outcome is not None and each.concluded_at is not None
        },
    )
    on = (OREGON_IDENTITY.arn, an_intention().resource)

    for reader in (DynamoJournalEntries(dynamodb, TABLE), InMemoryJournalEntries(journal=in_memory)):
        found = reader.latest_on(on, since=NEW_YEAR - timedelta(days=90), until=until, most=9, wanted=lambda _: True)
        assert [each.intention.entry_id for each in found.entries] == ["undo", "grant", "move"]
        assert [type(each.outcome) for each in found.entries] == [Written] * 3
        assert [each.undone_by for each in found.entries] == [None, "undo", None]
        assert found.is_complete
        some = reader.latest_on(on, since=NEW_YEAR, until=until, most=1, wanted=lambda each: each.undoes is None)
        assert (some.entries, some.is_complete) == ((), True)
        first = reader.latest_on(
            on[:1], since=NEW_YEAR - timedelta(days=90), until=until, most=1, wanted=lambda _: True
        )
        assert ([each.intention.entry_id for each in first.entries], first.is_complete) == (["undo"], False)


def test_an_entry_tells_its_result_and_what_undid_it(questions: JournalQuestions) -> None:
    entries = {entry["id"]: entry for entry in ask(questions, since="90d")["entries"]}

    assert {name: entry["outcome"] for name, entry in entries.items()} == {
        "move": "written",
        "grant": "written",
        "role": "drifted",
        "removal": "open",
        "undo": "written",
    }
    assert (entries["grant"]["undone_by"], entries["undo"]["undoes"]) == ("undo", "grant")
    assert (len(entries["grant"]["pools"]), entries["grant"]["pools_count"]) == (5, 8)
    assert {name for name, entry in entries.items() if entry["no_undo"] is None} == set()
    assert entries["move"]["cause"]["actor"] == "user/j***@corp.example"


@pytest.mark.parametrize("entry_id", ["move", "grant", "role", "removal", "undo"])
def test_one_entry_is_shown_whole(questions: JournalQuestions, entry_id: str) -> None:
    document = ask(questions, id=entry_id)

    assert document["entry"]["id"] == entry_id
    assert len(document["entry"]["pools"]) == document["entry"]["pools_count"]
    places = [row["place"] for row in document["diff"]]
    assert places
    if entry_id == "grant":
        assert len([row for row in document["diff"] if row["before"] is None]) == 8
        assert places[-1] == ["mailwarden-cognito-2", "MailwardenGlobal"]
    if entry_id == "move":
        assert places == [["EmailConfiguration", "SourceArn"]]


def test_what_is_not_there_or_not_understood_is_answered(questions: JournalQuestions) -> None:
    assert ask(questions, id="nowhere") == {
        "mailwarden": "journal",
        "version": 1,
        "answer": "not found",
        "at": "2026-01-02T00:00:00+00:00",
        "id": "nowhere",
    }
    assert ask(questions, pool=JANE)["answer"] == "not understood"


def test_a_question_is_bounded(questions: JournalQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    document = ask(questions, most=2)
    assert (ids(document), document["is_complete"]) == (["undo", "removal"], False)
    assert ask(questions, most=4)["is_complete"]
    monkeypatch.setattr(journal_entries, "_MOST_EXAMINED", 3)
    document = ask(questions, identity=OREGON_IDENTITY.name)
    assert (ids(document), document["is_complete"]) == (["undo"], False)


def test_the_reader_asks_for_nothing_but_queries_of_its_index_and_items(
    filled: DynamoJournal, dynamodb: "DynamoDBClient"
) -> None:
    assert filled.entry("move") is not None
    called: list[str] = []
    dynamodb.meta.events.register("before-call.dynamodb", lambda model, **_: called.append(model.name))
    reader = JournalReader(journal=DynamoJournalEntries(dynamodb, TABLE), clock=Clock(), account=ACCOUNT)

    reader.answer(EntriesQuestion(since=NEW_YEAR - timedelta(days=1), most=50))
    reader.answer(EntryQuestion(entry_id="grant"))

    assert set(called) == {"Query", "BatchGetItem", "GetItem"}
    assert called.count("BatchGetItem") == 1


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("asked", [{"since": "90d"}, {"id": "grant"}, {"id": "move"}, {"id": "undo"}, {"id": "role"}])
def test_no_arn_is_broken_on_a_terminal(questions: JournalQuestions, asked: dict[str, str], width: int) -> None:
    document = ask(questions, **asked)
    out = StringIO()

    show(console_for(out, width=width), journal_text(document, width=width))

    text = out.getvalue()
    for arn in arns_in(document):
        assert arn in text, arn
    for line in text.splitlines():
        assert len(line) <= width or len(line.split()[-1]) > width - 16, line


def arns_in(document: object) -> set[str]:
    match document:
        case dict():
            return set().union(*(arns_in(each) for name, each in document.items() if name != "pools"))
        case list():
            return set().union(*map(arns_in, document))
        case str() if document.startswith("arn:"):
            return {document}
        case _:
            return set()


def test_what_dynamodb_leaves_out_is_asked_for_again_and_not_for_ever(
    filled: DynamoJournal, dynamodb: "DynamoDBClient"
) -> None:
    assert filled.entry("move") is not None
    asked: list[int] = []

    def leave_out(http_response: object, parsed: dict[str, Any], model: object, **_: object) -> None:  # noqa: ARG001
        keys = whole[0]
        asked.append(len(keys))
        if len(asked) < never:
            parsed["UnprocessedKeys"] = {TABLE: {"Keys": keys[:1], "ConsistentRead": True}}

    whole: list[list[Any]] = []
    dynamodb.meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: whole.insert(0, params["RequestItems"][TABLE]["Keys"]),
    )
    dynamodb.meta.events.register("after-call.dynamodb.BatchGetItem", leave_out)
    reader = DynamoJournalEntries(dynamodb, TABLE)
    since, until = NEW_YEAR - timedelta(days=90), NEW_YEAR + timedelta(days=1)

    never = 3
    found = reader.latest(since=since, until=until, most=50, wanted=lambda _: True)
    assert ([type(each.outcome) for each in found.entries].count(Written), asked) == (3, [10, 1, 1])
    never = 1_000
    with pytest.raises(Contended):
        reader.latest(since=since, until=until, most=50, wanted=lambda _: True)


def test_a_restored_sender_of_notices_is_shown_member_by_member(
    filled: DynamoJournal, questions: JournalQuestions
) -> None:
    intention = replace(an_intention(at=NEW_YEAR + timedelta(hours=3)), change=NOTICES, pools=(NOTICES.pool,))
    put(filled, "notices", intention)
    filled.conclude("notices", Written(entry_id="notices"), at=NEW_YEAR + timedelta(hours=3))

    document = ask(questions, id="notices")

    assert (document["entry"]["kind"], document["entry"]["no_undo"]) == ("replace-risk-configuration", None)
    assert document["diff"] == [
        {
            "place": ["AccountTakeoverRiskConfiguration", "NotifyConfiguration", "ReplyTo"],
            "before": None,
            "after": "help@shop.example",
        }
    ]
