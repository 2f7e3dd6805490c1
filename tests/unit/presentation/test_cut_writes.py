"""A write that is too long for a channel is cut, and the message counts exactly what it leaves out."""

import json
import re

import pytest

from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.document import alert_body, notice_from_body
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.slack.message import slack_message
from mailwarden.presentation.slack.mrkdwn import Json
from tests.fakes.examples import OREGON_IDENTITY, a_record

LENGTHS = (0, 1, 1_700, 2_999, 3_000, 3_001, 9_999, 10_000, 10_001, 15_999, 16_000, 16_001, 40_000)
# A mark that no other text of an alert has.
MARK = "¤"


def notice_of_a_write(before: str, after: str) -> Notice:
    """As a channel gets it: through the ledger's bounds and, for Slack, through the queue."""
    write = ProposedWrite(
        title=verbatim("let the pool send"),
        applicability="safe",
        resource=OREGON_IDENTITY.arn,
        before=before,
        after=after,
    )
    notice = notice_of(alert_of(a_record(proposed=write.recorded().recorded())), rule_pages="https://docs.example/")
    return notice_from_body(alert_body(notice))


def shown_and_left_out(text: str) -> int:
    return text.count(MARK) + sum(map(int, re.findall(r"… (\d+) more character", text)))


@pytest.mark.parametrize("length", LENGTHS)
def test_a_mail_counts_what_it_leaves_out(length: int) -> None:
    assert shown_and_left_out(alert_text(notice_of_a_write("null", MARK * length))) == length
    assert shown_and_left_out(alert_text(notice_of_a_write(MARK * length, MARK * 40_000))) == length + 40_000


@pytest.mark.parametrize("filling", [MARK, f"{MARK}<", f"{MARK}```"], ids=["plain", "escaped", "backticks"])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_message_of_slack_counts_what_it_leaves_out(length: int, filling: str) -> None:
    write = filling * length

    block = side_of(slack_message(notice_of_a_write("null", write)), "After")

    shown, _, counted = block.removeprefix("```\n").removesuffix("\n```").partition("\n… ")
    left_out = int(counted.partition(" ")[0]) if counted else 0
    shown = shown.replace("\u200b", "").replace("&lt;", "<")
    assert write.startswith(shown)
    assert len(shown) + left_out == len(write)


def side_of(payload: Json, label: str) -> str:
    """The code of the section with this label."""
    texts = [
        block["text"]["text"]
        for block in json.loads(json.dumps(payload))["blocks"]
        if block["type"] == "section" and "text" in block
    ]
    (found,) = (text.partition("\n")[2] for text in texts if text.startswith(f"*{label}*"))
    return str(found)
