"""The list of pools and of findings as it is printed, and a pool that is asked for by its name."""

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from rich.text import Text

from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.operator.pool_list import PoolList
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.presentation.answers.lists.pools import pools_document
from tests.builders import NOON, pool_ref
from tests.fakes.answers import sound, told
from tests.fakes.examples import a_look
from tools.pools import show_pools
from tools.screen.pools_text import findings_text, pools_text
from tools.stack.invocation import Ask
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


def document() -> dict[str, Any]:
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
    return pools_document(PoolList(at=NOON, looks=looks, pools=3, unread=1))


def printed(lines: Iterable[Text]) -> str:
    return "".join(f"{line.plain}\n" for line in lines)


def test_the_worst_pool_is_printed_first_and_findings_by_rule() -> None:
    assert printed(pools_text(document(), width=100)) == PRINTED
    assert printed(findings_text(document(), width=100)) == BY_RULE


def test_the_document_keeps_its_schema() -> None:
    schema = json.loads((ROOT / "docs" / "pools.schema.json").read_text(encoding="utf-8"))

    fastjsonschema.compile(schema)(json.loads(json.dumps(document())))


@pytest.mark.parametrize(
    ("name", "can_send", "ids"),
    [
        ("s*", None, ["eu-west-1_Shop00001"]),
        ("*", "no", ["eu-west-1_News00001", "eu-west-1_Shop00001"]),
        ("*", "unknown", []),
    ],
)
def test_a_pattern_and_a_verdict_choose_pools(
    name: str, can_send: str | None, ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = argparse.Namespace(what="pools", name=name, can_send=can_send, json=True)

    assert show_pools(lambda _: document(), chosen) == 0
    assert [pool["id"] for pool in json.loads(capsys.readouterr().out)["pools"]] == ids


def asked_by_name(names: list[str]) -> Ask:
    """A function that knows one pool by its id and these pools by name."""
    rows = [{"id": "eu-west-1_Shop00001", "region": "eu-west-1", "name": name} for name in names]

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        if "pools" in event:
            return {"answer": "listed", "pools": rows}
        if event["why"] == "eu-west-1_Shop00001":
            return told(sound())
        return {"answer": "not understood", "code": "question.no-pool", "problem": "question.why names no pool"}

    return ask


def test_a_pool_is_asked_for_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    question = {"why": "shop", "region": None, "address": None}

    assert explain(question, asked_by_name(["shop", "news"]), as_json=False) == 0
    assert "Pool shop (eu-west-1_Shop00001)" in capsys.readouterr().out


@pytest.mark.parametrize(("names", "said"), [([], ""), (["shop", "shop"], "2 pools have the name shop")])
def test_a_name_that_no_pool_or_several_have_is_not_understood(
    names: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {"why": "shop", "region": None, "address": None}

    assert explain(question, asked_by_name(names), as_json=False) == 1
    out = capsys.readouterr()
    assert "did not understand" in out.out
    assert said in out.err
