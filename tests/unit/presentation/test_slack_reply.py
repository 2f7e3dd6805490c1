"""Replies in the thread of an incident: what happened, in one to three lines, for every occasion and language."""

import json
from dataclasses import replace

import pytest

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.incidents.alert import Extent, NamedPool, alert_of
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.slack.reply import slack_reply
from tests.fakes.examples import SEOUL_POOL, a_pool, a_record, later
from tests.unit.presentation.test_incidents import HOSTILE, alerts
from tests.unit.presentation.test_slack_message import objections


def a_notice(
    occasion: Occasion, *, pools: int = 1, state: FindingState = FindingState.OPEN, name: str = "shop"
) -> Notice:
    record = a_record(
        state=state, pool_name=name, handling=Handling.WITHHELD, reason=verbatim("RepairMode is off"), pool=SEOUL_POOL
    )
    alone = alert_of(record).report
    extent: Extent = replace(
        alone.extent,
        pools=tuple(NamedPool(ref=a_pool(number), name=name) for number in range(1, pools + 1)),
        pool_count=pools,
    )
    report = replace(alone, occasion=occasion, state=state, at=later(60), extent=extent)
    return notice_of(alert_of(record, report), rule_pages="https://docs.example/")


def text_of(notice: Notice, before: int = 1, catalogue: Catalogue = ENGLISH) -> str:
    reply = slack_reply(notice, pools_before=before, catalogue=catalogue)
    text: str = json.loads(json.dumps(reply))["blocks"][0]["text"]["text"]
    return text.partition(" ")[2]


@pytest.mark.parametrize(
    ("pools", "before", "text"),
    [
        (5, 2, "3 more pools: 5 are affected now"),
        (5, 4, "1 more pool: 5 are affected now"),
        (1, 4, "3 pools are no longer affected: 1 left"),
    ],
)
def test_a_larger_or_smaller_incident_has_the_difference(pools: int, before: int, text: str) -> None:
    assert text_of(a_notice(Occasion.GREW, pools=pools), before) == text


def test_a_reminder_has_how_long_it_is_open() -> None:
    assert text_of(a_notice(Occasion.REMINDER)) == "Still open after 1 hour"
    assert text_of(a_notice(Occasion.REMINDER), catalogue=KOREAN) == "1시간이 지났지만 아직 열려 있습니다"


def test_a_change_has_the_state_and_the_reason_for_not_writing() -> None:
    first, second = text_of(a_notice(Occasion.CHANGED)).splitlines()

    assert first.startswith("CRITICAL, UPDATE: pool shop cannot send mail: ")
    assert second == "Not repaired: RepairMode is off"


@pytest.mark.parametrize(
    ("state", "beginning"),
    [(FindingState.REPAIRED, "REPAIRED: "), (FindingState.RESOLVED, "RESOLVED: "), (FindingState.EXEMPT, "EXEMPT: ")],
)
def test_an_end_has_the_state(state: FindingState, beginning: str) -> None:
    assert text_of(a_notice(Occasion.ENDED, state=state)).startswith(beginning)


@pytest.mark.parametrize("catalogue", [ENGLISH, KOREAN], ids=["english", "korean"])
def test_every_reply_is_short_and_within_slacks_limits(catalogue: Catalogue) -> None:
    for alert in alerts(name=HOSTILE):
        notice = notice_of(alert, rule_pages="https://docs.example/", catalogue=catalogue)
        for before in (0, 1, 500):
            reply = slack_reply(notice, pools_before=before, catalogue=catalogue)
            shown = json.dumps(reply)
            assert list(objections(reply)) == []  # type: ignore[arg-type]
            assert "<!channel>" not in shown
            assert "jane@corp.example" not in shown
            assert len(text_of(notice, before, catalogue).splitlines()) <= 3
