"""The incidents and the history of a pool as they are printed; the programs ask page by page, and name what is cut."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from mailwarden.domain.refs.hints import PoolHint
from tests.builders import identity, pool
from tests.sandbox.programs.whole_words import assert_whole_words
from tests.unit.operator.past import LOST, history, incidents, shops_without_identity
from tests.unit.operator.senders import DOMAIN, SHOP, set_sender, shop
from tests.unit.operator.test_incident_list import ended
from tests.unit.operator.test_set_sender import NEWS
from tests.unit.operator.test_shadow_report import hurt_pool, shadowed
from tools.questions.history import show_history
from tools.questions.incidents import show_incidents, whole
from tools.screen.history_text import history_text
from tools.screen.incidents_text import incidents_text
from tools.stack.named_pool import NamedPool

DOCS = Path(__file__).parents[3] / "docs"
FIRST = pool("eu-west-3", pool_id="eu-west-3_Shop00000").ref

OPEN = f"""\
1 open incident, at 2026-03-02 13:01 UTC

CRITICAL: 2 pools cannot send mail: the SES identity does not exist (MW301, shop.example in
  eu-west-3)
  Cause      identity {LOST.arn}
  Pools      2 of 2 that use it: shop (eu-west-3_Shop00000), news (eu-west-3_Shop00001)
  Since      2026-03-02 13:00 UTC
  Done       Not repaired: Mailwarden has no automatic fix for this, manual action is required.
  Messages   last at 2026-03-02 13:00 UTC (opened); next at 2026-03-02 14:00 UTC (reminder)
"""
HISTORY = f"""\
Pool shop (eu-west-3_Shop00000) in eu-west-3
  Can send   no, decided by identity, by the inspection at 2026-03-02 13:00 UTC; MW301
  Sender     good, not yet for long, since 2026-03-02 12:00 UTC: EmailSendingAccount DEVELOPER,
             SourceArn {LOST.arn}, From
             no-reply@shop.example
  Consent    settings, for {LOST.arn}

2 events since 2025-12-02 13:01 UTC, the latest first

2026-03-02 13:00 UTC  ✘ MW301 opened (critical)
  What       Identity shop.example in eu-west-3 does not exist, and pool shop (eu-west-3_Shop00000)
             sends as it.
  About      {LOST.arn}
  Handling   withheld: Mailwarden has no automatic fix for this, manual action is required

2026-03-02 12:00 UTC  ✔ sender first found
  Sender     good, not yet for long, since 2026-03-02 12:00 UTC: EmailSendingAccount DEVELOPER,
             SourceArn {LOST.arn}, From
             no-reply@shop.example

Not shown:
  Findings that ended expire after 90 days, and of a finding that returned only its last occurrence
  is stored.
  Which pools an ended finding affected is not stored if it is about something that several pools
  use.
  A consent by a tag of the identity is read at each inspection and not stored: see `make why
  POOL=…`.
  Calls are stored with the findings and the sender that they explain; CloudTrail has all others.
"""


def printed(text: Callable[..., Any], document: Mapping[str, Any], width: int = 100) -> str:
    return "".join(f"{line.plain}\n" for line in text(document, width=width))


def of_nobody(document: dict[str, Any]) -> dict[str, Any]:
    """The same, without calls: of these the tests of the answers know."""
    for row in document.get("incidents", ()):
        row["calls"] = []
    if "events" in document:
        document["events"] = [event for event in document["events"] if event["kind"] != "call"]
        document["count"] = len(document["events"])
    return document


@cache
def several() -> list[dict[str, Any]]:
    """Histories, with every kind of event, and two answers that are none."""
    mailwarden = shop()
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))
    set_sender(mailwarden, identity=DOMAIN.ref.arn, settings=NEWS)
    unknown = replace(SHOP.ref, pool_id="us-east-1_Nobody")
    hurt, mended = hurt_pool(1), ended()
    return [
        history(mailwarden, SHOP.ref),
        history(shops_without_identity(), FIRST),
        history(shops_without_identity(), FIRST, most=1),
        history(mailwarden, unknown),
        history(mailwarden, unknown, since="x"),
        history(shadowed(hurt), hurt),
        history(mended, FIRST),
    ]


@cache
def lists() -> list[dict[str, Any]]:
    return [
        incidents(shops_without_identity()),
        incidents(ended(), all=True),
        incidents(ended()),
        incidents(ended(), first=0),
        incidents(ended(), seen=[1]),
    ]


def test_open_incidents_are_printed_with_their_facts() -> None:
    assert printed(incidents_text, of_nobody(incidents(shops_without_identity()))) == OPEN


def test_the_history_is_printed_with_what_it_leaves_out() -> None:
    assert printed(history_text, of_nobody(history(shops_without_identity(), FIRST))) == HISTORY


@pytest.mark.parametrize(("name", "documents"), [("history", several()), ("incidents", lists())])
def test_every_answer_keeps_its_schema(name: str, documents: list[dict[str, Any]]) -> None:
    validate = fastjsonschema.compile(json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8")))

    for document in documents:
        validate(json.loads(json.dumps(document)))


def test_each_kind_of_event_is_printed_with_its_time() -> None:
    heads = [line for document in several() for line in printed(history_text, document).splitlines()]

    for head in (
        "✘ MW301 opened (critical)",
        "✔ MW301 resolved",
        "→ call UpdateUserPool",
        "✎ write written",
        "✔ sender first found",
        "! MW201: a fix was held back, RepairMode was off",
    ):
        assert any(re.match(rf"2026-\d\d-\d\d \d\d:\d\d UTC  {re.escape(head)}", line) for line in heads), head


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_no_id_and_no_arn_is_broken_on_a_terminal(width: int) -> None:
    for text, documents in ((history_text, several()), (incidents_text, lists())):
        for document in documents:
            shown = printed(text, document, width)
            assert_whole_words(shown, [LOST.arn] if LOST.arn in json.dumps(document) else [], width=width)


def test_an_incident_that_ended_is_printed_with_its_end() -> None:
    text = printed(incidents_text, incidents(ended(), all=True))

    assert "No open incident, 1 that ended" in text
    assert ", resolved" in text


def test_what_could_not_be_read_or_is_cut_is_printed() -> None:
    document = incidents(shops_without_identity()) | {"count": 9, "has_more": True, "is_complete": False, "unread": 2}

    text = printed(incidents_text, document)

    assert "8 more are not shown" in text
    assert "more incidents than one question reads" in text
    assert "2 incidents cannot be read" in text


def test_pages_become_one_list_because_each_question_names_what_was_seen() -> None:
    asked: list[object] = []

    def ask(event: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(event["incidents"])
        seen = event["incidents"].get("seen", [])
        left = [{"id": each} for each in "01234" if each not in seen]
        return {"answer": "listed", "incidents": left[:2], "has_more": len(left) > 2, "count": 5}

    assert [row["id"] for row in whole(ask, with_ended=True, most=200)["incidents"]] == ["0", "1", "2", "3", "4"]
    assert asked == [{"all": True}, {"all": True, "seen": ["0", "1"]}, {"all": True, "seen": ["0", "1", "2", "3"]}]
    cut = whole(ask, with_ended=False, most=3)
    assert ([row["id"] for row in cut["incidents"]], cut["has_more"]) == (["0", "1", "2"], True)
    assert whole(ask, with_ended=False, most=5)["has_more"] is False


@pytest.mark.parametrize(("as_json", "head"), [(True, "{"), (False, "1 open incident")])
def test_the_programs_end_with_zero_where_there_is_an_answer(
    as_json: bool,
    head: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mailwarden = shops_without_identity()
    found = NamedPool(pool=FIRST.pool_id, region=None)

    assert show_incidents(lambda _: incidents(mailwarden), with_ended=False, most=9, as_json=as_json) == 0
    assert capsys.readouterr().out.startswith(head)
    assert show_history(lambda _: history(mailwarden, FIRST), found, since="7d", as_json=as_json) == 0
    assert show_history(lambda _: several()[3], found, since=None, as_json=as_json) == 1
    assert show_history(lambda _: several()[4], found, since=None, as_json=as_json) == 1
    assert show_incidents(lambda _: lists()[3], with_ended=False, most=9, as_json=as_json) == 1


def test_the_question_about_a_pool_found_by_name_names_its_region() -> None:
    asked: list[object] = []

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        asked.append(event)
        return history(shops_without_identity(), FIRST)

    show_history(ask, NamedPool(pool="a_1", region="eu-west-3", name="shop"), since=None, as_json=True)

    assert asked == [{"history": {"pool": "a_1", "region": "eu-west-3"}}]
    assert identity("shop.example", region="eu-west-3").ref == LOST
