"""The list of exemptions as it is printed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mailwarden.domain.mail_path.exemption import ExemptionWish, KnownExemption
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.operator.exemptions import ExemptionList, exemptions_in
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.message import Message, message
from mailwarden.presentation.answers.lists.exemptions import exemptions_document
from tests.builders import NOON, identity_ref, pool_ref
from tests.fakes.examples import a_look
from tools.orders.exemptions import show_exemptions
from tools.screen.exemptions_text import exemptions_text

SHOP, NEWS = pool_ref("eu-west-1", pool_id="eu-west-1_Shop00001"), pool_ref("eu-west-1", pool_id="eu-west-1_News00001")
SENDER = identity_ref("shop.example", region="eu-west-1")

PRINTED = """\
4 exemptions among 9 pools, by the last inspections

resource             region     tag     ends                 can send  findings
eu-west-1_News00001  eu-west-1  ?       unreadable           no        MW401
    news; tag mailwarden has until=2026-02-30, which is not a date
eu-west-1_Shop00001  eu-west-1  off     2026-03-02 (today)   no        MW401
    shop; the old shop
shop.example         eu-west-1  report  2026-03-09 (7 days)  no        MW401
    identity of 2 pools
eu-west-1_Old000001  eu-west-1  off     never                yes       none
    old
The last inspection of 1 pools could not be read.
"""


def wish(word: str, until: date | None = None, reason: str = "") -> ExemptionWish:
    return ExemptionWish(word=word, until=until, reason=reason)


type Said = tuple[PoolRef | IdentityRef, ExemptionWish | Message]


def listed(*said: tuple[PoolRef, str, tuple[Said, ...]]) -> dict[str, Any]:
    looks = [
        replace(
            a_look(pool, at=NOON),
            pool_name=name,
            answer=Answer.YES if name == "old" else Answer.NO,
            deciding=None if name == "old" else Link.AUTHORIZATION,
            findings=() if name == "old" else (FindingKey(subject_arn=pool.arn, rule_id="MW401"),),
            exemptions=tuple(KnownExemption(subject=subject, said=each) for subject, each in exemptions),
        )
        for pool, name, exemptions in said
    ]
    return dict(
        exemptions_document(
            ExemptionList(at=NOON, exemptions=exemptions_in(looks, today=NOON.date()), pools=9, unread=1)
        )
    )


def several() -> dict[str, Any]:
    identity = (SENDER, wish("report", date(2026, 3, 9)))
    flaw = message("exemption.not-a-date", tag="mailwarden", until="2026-02-30")
    old = pool_ref("eu-west-1", pool_id="eu-west-1_Old000001")
    return listed(
        (old, "old", ((old, wish("off")),)),
        (SHOP, "shop", ((SHOP, wish("off", NOON.date(), "the old shop")), identity)),
        (NEWS, "news", ((NEWS, flaw), identity)),
    )


def test_is_printed_as_a_table_the_most_urgent_first() -> None:
    assert "".join(f"{line.plain}\n" for line in exemptions_text(several())) == PRINTED


def test_none_is_said_in_one_line() -> None:
    [title, _] = exemptions_text(listed())

    assert title.plain == "No exemption among 9 pools, by the last inspections"


@pytest.mark.parametrize(("as_json", "shown"), [(True, '"state": "last day"'), (False, "(today)")])
def test_the_program_asks_once_and_prints_either(as_json: bool, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[object] = []

    def ask(event: Mapping[str, object]) -> dict[str, Any]:
        asked.append(event)
        return several()

    status = show_exemptions(ask, as_json=as_json)

    assert (status, asked) == (0, [{"exemptions": {}}])
    assert shown in capsys.readouterr().out
