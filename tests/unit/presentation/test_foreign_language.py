"""A second language needs no change outside the catalogue: with foreign texts no English word is left in an alert."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from mailwarden.domain.incidents.alert import Alert
from mailwarden.presentation.alerts.document import alert_document
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.slack.message import slack_message
from mailwarden.rules import every_rule
from tests.unit.presentation.alerts_of_rules import every_alert
from tests.unit.presentation.languages import FOREIGN

PAGES = "https://docs.example/rules/"
# What no language translates: terms of AWS, codes, and the names in the written cases.
AWS = """
UTC SES FROM REPLY-TO JSON DMARC DEVELOPER COGNITO_DEFAULT AccessDenied TooManyRequestsException ThrottlingException
PENDING SUCCESS FAILED ODD SHUTDOWN HEALTHY PROBATION OPTIONAL BOUNCE COMPLAINT Complaint Action Principal Condition
Effect Allow Deny Resource Service Statement Sid Version null true false From Bool aws aws-us-gov cognito-idp ses iam
"""
NAMES = """
shop mail cognito guard open broken partner vpc main org long mailwarden-cognito Example Inc stop old services
o-example please off alice policies mailwarden migration
"""
# A notice of SES and a problem of the settings in the cases are texts from outside.
FROM_OUTSIDE = (
    "Bounce rate of 11.2% exceeded the pause threshold",
    "it is not JSON",
    "a pool of this id is in us-east-1",
    "eu-west-3 is not watched",
)
# A refused read, as it is logged and stored: AccessDenied: ses:GetAccount in eu-west-1.
REFUSAL = re.compile(r"(?<=: )[a-z-]+:[A-Za-z]+ in [a-z]+-[a-z]+-[0-9]")
# Ids, ARNs, numbers, addresses and codes have a character that no word has, or are written in camel case.
APART = re.compile(r"""[\s(){}\[\],;|•"`<>]+""")
CAMEL = re.compile(r"[A-Za-z]*[a-z][A-Z][A-Za-z]*")
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
ALLOWED = frozenset([*AWS.split(), *NAMES.split(), *(rule.name for rule in every_rule())])


def strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)
        case _:
            return


@cache
def english_words(text: str) -> set[str]:
    """The words of English in a text that is in no language's letters but the foreign one's."""
    text = " ".join(text.split())
    for said in FROM_OUTSIDE:
        text = text.replace(said, "")
    if text.endswith("…"):
        text = text.rpartition(" ")[0]
    tokens = {token.strip(".:'*…") for token in APART.split(REFUSAL.sub(" ", text))}
    return {token for token in tokens if WORD.fullmatch(token) and not CAMEL.fullmatch(token)} - ALLOWED


def shown(notice: Notice, catalogue: Catalogue = FOREIGN) -> Iterator[str]:
    """Everything that a reader sees of an alert, on every channel; documents of a write and snippets are data."""
    notice = replace(notice, snippets=tuple(replace(each, code="") for each in notice.snippets))
    yield alert_text(notice, catalogue=catalogue)
    payload = slack_message(notice, catalogue=catalogue)
    assert isinstance(payload, dict)
    yield str(payload["text"])
    for block in payload["blocks"]:
        block.pop("type", None)
        yield from (
            text
            for part in (block.get("text"), *block.get("fields", ()), *block.get("elements", ()))
            if isinstance(part, dict)
            for text in [str(part["text"])]
        )
    document = alert_document(notice, catalogue=catalogue)
    handling, console, write = document["handling"], document["console"], document["write"]
    assert isinstance(handling, dict)
    assert isinstance(console, list)
    yield from (str(document[name]) for name in ("headline", "what", "why", "to_do"))
    yield from (str(handling["note"]), str(handling["summary"]), *(str(link["label"]) for link in console))
    if isinstance(write, dict):
        yield from (str(write["title"]), str(write["done"] or ""))


def left_in(alert: Alert) -> set[str]:
    notice = notice_of(alert, rule_pages=PAGES, catalogue=FOREIGN)
    return {word for text in shown(notice) for word in english_words(text)}


def test_no_english_word_is_left_in_any_alert_of_any_rule() -> None:
    left: dict[str, str] = {}
    for alert in every_alert():
        for word in left_in(alert):
            left.setdefault(word, f"{alert.record.finding.rule_id} {alert.record.lifecycle.state.value}")

    assert left == {}


@pytest.mark.parametrize("text", ["was written", "Not repaired", "Mailwarden", "CRITICAL", "a pool (shop)"])
def test_a_word_that_is_left_is_found(text: str) -> None:
    assert english_words(f"ათი {text} us-east-1 {json.dumps({'a': 1})}")
