"""The list of pools and of findings as it is printed, and a pool that is asked for by its name."""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from rich.cells import cell_len
from rich.text import Text

from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.operator.pool_list import PoolChoice, PoolList
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import monitoring_of
from mailwarden.inbound.invoke.lists.pool_question import PoolQuestions
from mailwarden.presentation.answers.lists.pools import pools_document
from tests.builders import NOON, pool_ref
from tests.fakes.answers import pool_reader, sound, told
from tests.fakes.deployment import Deployment
from tests.fakes.examples import a_look
from tests.fakes.logs import KeptLog
from tools.pools import show_pools
from tools.screen.pools_text import findings_text, pools_text
from tools.stack.invocation import Ask
from tools.stack.named_pool import NamedPool, pool_named, with_named_pool
from tools.why import explain

ROOT = Path(__file__).parents[3]
SHOP, NEWS, OLD = (
    pool_ref("eu-west-1", pool_id=f"eu-west-1_{name}") for name in ("Shop00001", "News00001", "Old000001")
)
SENDER = "arn:aws:ses:eu-west-1:111122223333:identity/shop.example"

PRINTED = """\
3 pools, by the last inspections; can send mail: 2 no, 1 yes

  ✘ eu-west-1_News00001  news  authorization  2026-03-02 12:00  MW302 MW401
  ✘ eu-west-1_Shop00001  shop  identity       2026-03-02 12:00  MW302
  ✔ eu-west-1_Old000001  old                  2026-03-02 12:00
The last inspection of 1 pools could not be read.
"""
BY_RULE = f"""\
3 pools, by the last inspections; 2 findings

MW302 {SENDER}
  news (eu-west-1_News00001), shop (eu-west-1_Shop00001)

MW401 {NEWS.arn}
  news (eu-west-1_News00001)
The last inspection of 1 pools could not be read.
"""


def pools() -> PoolList:
    verified, granted = (
        FindingKey(subject_arn=SENDER, rule_id="MW302"),
        FindingKey(subject_arn=NEWS.arn, rule_id="MW401"),
    )
    looks = (
        replace(
            a_look(SHOP, at=NOON), pool_name="shop", answer=Answer.NO, deciding=Link.IDENTITY, findings=(verified,)
        ),
        replace(
            a_look(NEWS, at=NOON),
            pool_name="news",
            answer=Answer.NO,
            deciding=Link.AUTHORIZATION,
            findings=(verified, granted),
        ),
        replace(a_look(OLD, at=NOON), pool_name="old", answer=Answer.YES, deciding=None, findings=()),
    )
    return PoolList(at=NOON, looks=looks, pools=3, unread=1)


def document() -> dict[str, Any]:
    return pools_document(pools())


def printed(lines: Iterable[Text]) -> str:
    return "".join(f"{line.plain}\n" for line in lines)


def test_the_worst_pool_is_printed_first_and_findings_by_rule() -> None:
    assert printed(pools_text(document(), width=100)) == PRINTED
    assert printed(findings_text(document(), width=100)) == BY_RULE


def test_a_long_name_is_cut_and_tags_are_below_the_pool() -> None:
    listed = document()
    listed["pools"][0] |= {"name": "한" * 128, "tags": {"application": "shop"}}

    first, tags, second = (line.plain for line in pools_text(listed, width=100)[2:5])

    assert tags == "    application shop"
    assert cell_len(first.partition("MW302")[0]) == cell_len(second.partition("MW302")[0]) < 100


def test_the_document_keeps_its_schema() -> None:
    schema = json.loads((ROOT / "docs" / "pools.schema.json").read_text(encoding="utf-8"))

    fastjsonschema.compile(schema)(json.loads(json.dumps(document())))


@pytest.mark.parametrize(
    ("name", "answer", "ids"),
    [
        ("s*", None, ["eu-west-1_Shop00001"]),
        ("*", Answer.NO, ["eu-west-1_News00001", "eu-west-1_Shop00001"]),
        ("*", Answer.UNKNOWN, []),
    ],
)
def test_a_pattern_and_a_verdict_choose_pools(name: str, answer: Answer | None, ids: list[str]) -> None:
    document: dict[str, Any] = pools_document(pools().chosen(PoolChoice(name=name, answer=answer)))

    assert [pool["id"] for pool in document["pools"]] == ids
    assert (document["count"], document["fitting"]) == (3, len(ids))


def test_the_program_asks_for_what_the_command_line_chooses(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Mapping[str, object]] = []
    chosen = argparse.Namespace(what="pools", name="s*", can_send="no", output="json")

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        asked.append(event)
        return document()

    assert show_pools(ask, chosen) == 0
    assert asked == [{"pools": {"name": "s*", "can_send": "no"}}]
    assert json.loads(capsys.readouterr().out) == document()


def test_what_an_answer_has_no_room_for_is_counted() -> None:
    cut = document()
    cut["fitting"] += 7
    cut["pools"][0]["findings_count"] += 4

    for text in (pools_text(cut, width=100), findings_text(cut, width=100)):
        assert "7 more pools are not shown" in printed(text)
        assert "4 findings of these pools are not shown" in printed(text)


def test_an_answer_stays_below_what_a_function_may_return() -> None:
    keys = tuple(FindingKey(subject_arn=f"{SHOP.arn}{'x' * 390}", rule_id=f"MW{number}") for number in range(100, 140))
    looks = tuple(
        replace(a_look(pool_ref("eu-west-1", pool_id=f"eu-west-1_{number:09}"), at=NOON), findings=keys)
        for number in range(4_100)
    )

    large: dict[str, Any] = pools_document(PoolList(at=NOON, looks=looks, pools=4_100, unread=0))

    assert len(json.dumps(large)) < 6_000_000
    assert len(large["pools"]) < large["fitting"] == 4_100


def asked_by_name(names: list[str]) -> Ask:
    """A function that knows one pool by its id and these pools by name."""
    mailwarden = Deployment()
    for region, name in zip(("eu-west-1", "eu-west-3"), names, strict=False):
        ref = pool_ref(region, pool_id="eu-west-1_Shop00001")
        look = replace(a_look(ref, at=NOON), pool_name=name, uses=(monitoring_of(ref).arn,))
        mailwarden.ledger.looks.put(look)
    questions = PoolQuestions(reader=pool_reader(mailwarden))

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        if "pools" in event:
            return dict(questions.answer(event, log=KeptLog()))
        assert event["why"] == "eu-west-1_Shop00001"
        return told(sound())

    return ask


@pytest.mark.parametrize("name", ["shop", "shop_users", "shop [*]", "jane@shop.example", "-shop"])
def test_a_pool_is_asked_for_by_its_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    def why(found: NamedPool) -> int:
        assert found == NamedPool(pool="eu-west-1_Shop00001", region="eu-west-1", name=name)
        return explain({"why": found.pool, "region": found.region, "address": None}, ask, as_json=False)

    ask = asked_by_name([name, "news"])

    assert with_named_pool(ask, name, None, why) == 0
    assert "Pool shop (eu-west-1_Shop00001)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "region", "reported"),
    [
        ([], None, "No pool of the last inspections has the name shop."),
        (["shop-1"], None, "No pool of the last inspections has the name shop."),
        (["shop", "shop"], "eu-west-2", "No pool of the last inspections has the name shop."),
        (["shop", "shop"], None, "2 pools have the name shop: eu-west-1_Shop00001 in eu-west-1, eu-west-1_Shop00001"),
    ],
)
def test_a_name_that_no_pool_or_several_have_is_refused_with_the_candidates(
    names: list[str], region: str | None, reported: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(found: NamedPool) -> int:
        raise AssertionError(found)

    assert with_named_pool(asked_by_name(names), "shop", region, never) == 1
    assert reported in " ".join(capsys.readouterr().err.split())


def test_of_several_pools_of_a_name_the_region_chooses_one() -> None:
    assert pool_named(asked_by_name(["shop", "shop"]), "shop", "eu-west-3").region == "eu-west-3"


@pytest.mark.parametrize("pool", ["eu-west-1_Shop00001", SHOP.arn, "us-gov-west-1_AbC", "eusc-de-east-1_AbC"])
def test_an_id_or_an_arn_asks_nobody(pool: str) -> None:
    def never(event: Mapping[str, object]) -> dict[str, Any]:
        raise AssertionError(event)

    assert pool_named(never, pool, "eu-west-3") == NamedPool(pool=pool, region="eu-west-3")
