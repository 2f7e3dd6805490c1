"""Draws docs/slack-thread.svg and docs/alert-mail.svg from docs/incident-alerts.json; ``--check`` only compares.

The file holds the documents of one incident's alerts, as the topic had them in the sandbox. The pictures show what the
code makes of them now: the message in the channel with its thread, and the mail. They are plain SVG, without scripts,
external styles or libraries.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from mailwarden.presentation.alerts.document import notice_from_body  # noqa: E402 - found only now
from mailwarden.presentation.alerts.email_text import alert_subject, alert_text  # noqa: E402 - as above
from mailwarden.presentation.alerts.notice import Notice  # noqa: E402 - as above
from mailwarden.presentation.slack.message import slack_message  # noqa: E402 - as above
from mailwarden.presentation.slack.reply import slack_reply  # noqa: E402 - as above
from tools.documents.generated import put  # noqa: E402 - as above

DOCS = ROOT / "docs"
ALERTS = DOCS / "incident-alerts.json"
THREAD, MAIL = DOCS / "slack-thread.svg", DOCS / "alert-mail.svg"

WIDTH, MARGIN = 860, 24
SANS = "Lato, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
MONO = "Menlo, Consolas, 'DejaVu Sans Mono', monospace"
INK, PALE, BLUE, BACK, EDGE = "#1d1c1d", "#616061", "#1264a3", "#f8f8f8", "#dddddd"
SIZE, LEADING, CODE = 15, 21, 12
# Slack shows the beginning of a long text and a link to the rest.
MOST_CODE = 6
NARROW, WIDE = frozenset("iljtfr.,:;'|!()[]`/ "), frozenset("mwMW@%")
MARKS = re.compile(r"\*([^*\n]+)\*|`([^`\n]+)`|<([^<>|]+)\|([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one style: plain, bold, code or link."""

    text: str
    style: str = "plain"


@dataclass(slots=True)
class Sheet:
    """The parts drawn so far, from the top down to ``y``."""

    width: float = WIDTH
    y: float = MARGIN
    parts: list[str] = field(default_factory=list)

    def line(self, runs: Sequence[Run], x: float, *, size: float = SIZE, color: str = INK, mono: bool = False) -> None:
        """One line of text; *size* also sets the distance to the next one."""
        self.y += size * LEADING / SIZE
        spans = "".join(_span(run, size) for run in runs)
        font = f' font-family="{MONO}"' if mono else ""
        style = f'font-size="{size:g}" fill="{color}"{font} xml:space="preserve"'
        self.parts.append(f'<text x="{x:g}" y="{self.y:g}" {style}>{spans}</text>')

    def paragraph(self, text: str, x: float, width: float, *, size: float = SIZE, color: str = INK) -> None:
        """Text with Slack's marks, wrapped."""
        for written in text.split("\n"):
            for runs in wrapped(list(runs_of(written)), width, size):
                self.line(runs, x, size=size, color=color)

    def code(self, text: str, x: float, width: float) -> None:
        """A block of code, cut as Slack does."""
        lines = text.strip("\n").split("\n")
        shown = lines if len(lines) <= MOST_CODE else [*lines[:MOST_CODE], "…"]
        step = CODE * LEADING / SIZE
        top, height = self.y + 8, len(shown) * step + 12
        self.parts.append(
            f'<rect x="{x:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="4" fill="{BACK}" stroke="{EDGE}"/>'
        )
        self.y = top + 3
        for line in shown:
            self.line([Run(line)], x + 8, size=CODE, mono=True)
        self.y = top + height + 2

    def rule(self, x: float, width: float) -> None:
        """A line across."""
        self.y += 14
        self.parts.append(f'<path d="M{x:g} {self.y:g}h{width:g}" stroke="{EDGE}"/>')
        self.y += 6

    def svg(self, title: str) -> str:
        """The whole picture."""
        height = self.y + MARGIN
        box = f'viewBox="0 0 {self.width:g} {height:g}" role="img" font-family="{SANS}"'
        frame = f'width="{self.width - 1:g}" height="{height - 1:g}" rx="8" fill="#ffffff" stroke="{EDGE}"'
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
                f"<title>{escape(title)}</title>",
                f'<rect x=".5" y=".5" {frame}/>',
                *self.parts,
                "</svg>\n",
            )
        )


def _span(run: Run, size: float) -> str:
    text = escape(run.text, quote=False)
    match run.style:
        case "bold":
            return f'<tspan font-weight="bold">{text}</tspan>'
        case "code":
            return f'<tspan font-family="{MONO}" font-size="{size - 2:g}" fill="#c01343">{text}</tspan>'
        case "link":
            return f'<tspan fill="{BLUE}">{text}</tspan>'
        case _:
            return text


def runs_of(text: str) -> Iterator[Run]:
    """Slack's mrkdwn as runs; entities become characters."""
    place = 0
    for mark in MARKS.finditer(text):
        yield Run(unescape(text[place : mark.start()]))
        bold, code, _, label = mark.groups()
        yield Run(unescape(bold or code or label), "bold" if bold else "code" if code else "link")
        place = mark.end()
    yield Run(unescape(text[place:]))


def wrapped(runs: Sequence[Run], width: float, size: float) -> Iterator[list[Run]]:
    """Lines that are about as wide as there is room; fonts differ, so it is a bit less."""
    line: list[Run] = []
    used = 0.0
    for run in runs:
        for word in re.findall(r"\S+\s*|\s+", run.text):
            needed = sum(map(_share, word)) * size * (1.14 if run.style == "bold" else 1)
            if line and used + needed > width:
                yield line
                line, used = [], 0.0
            line.append(Run(word, run.style))
            used += needed
    if line:
        yield line


def _share(character: str) -> float:
    """The width of a character, as a share of the size."""
    if character in NARROW:
        return 0.33
    if character in WIDE:
        return 0.88
    return 0.66 if character.isupper() else 0.56 if ord(character) < 0x2000 else 1.1


def notices() -> list[Notice]:
    """The alerts of the file, as the function `slack` reads them."""
    return [notice_from_body(json.dumps(each)) for each in json.loads(ALERTS.read_text(encoding="utf-8"))]


def thread_picture(alerts: Sequence[Notice]) -> str:
    """The message as the channel shows it after the last alert, and its thread."""
    sheet, left = Sheet(), MARGIN + 50
    _sender(sheet, alerts[0])
    room = WIDTH - left - MARGIN
    for block in _json(slack_message(alerts[-1]))["blocks"]:
        _block(sheet, block, left, room)
    sheet.y += 10
    replies = len(alerts) - 1
    sheet.line([Run("1 reply" if replies == 1 else f"{replies} replies", "link")], left, size=13)
    sheet.rule(left, room)
    for before, alert in pairwise(alerts):
        reply = _json(slack_reply(alert, pools_before=before.affected_count))
        at = alert.changed_at if alert.incident is None else alert.incident.at
        sheet.y += 6
        sheet.line([Run("Mailwarden", "bold"), Run(f"  {at:%H:%M}")], left, size=13, color=PALE)
        for block in reply["blocks"]:
            _block(sheet, block, left, room)
    return sheet.svg("The message of an incident in Slack, and its thread")


def _sender(sheet: Sheet, alert: Notice) -> None:
    at = alert.opened_at if alert.incident is None else alert.incident.at
    sheet.parts.append(f'<rect x="{MARGIN}" y="{MARGIN}" width="36" height="36" rx="6" fill="#2a8f5b"/>')
    sheet.parts.append(
        f'<text x="{MARGIN + 18}" y="{MARGIN + 25}" font-size="20" fill="#ffffff" text-anchor="middle">M</text>'
    )
    sheet.y = MARGIN - 6
    sheet.line([Run("Mailwarden", "bold"), Run(f"  APP  {at:%H:%M}")], MARGIN + 50)


def _block(sheet: Sheet, block: Any, x: float, width: float) -> None:  # noqa: ANN401 - JSON
    sheet.y += 4
    match block["type"]:
        case "header":
            sheet.paragraph(f"*{block['text']['text'].replace('*', '')}*", x, width, size=17)
        case "context":
            for element in block["elements"]:
                sheet.paragraph(element["text"], x, width, size=12, color=PALE)
        case _ if "fields" in block:
            _fields(sheet, [each["text"] for each in block["fields"]], x, width)
        case _:
            for number, part in enumerate(block["text"]["text"].split("```")):
                if number % 2:
                    sheet.code(unescape(part), x, width)
                elif part.strip("\n"):
                    sheet.paragraph(part.strip("\n"), x, width)


def _fields(sheet: Sheet, texts: Sequence[str], x: float, width: float) -> None:
    """Two columns, row by row."""
    half = width / 2
    for start in range(0, len(texts), 2):
        top = lowest = sheet.y
        for column, text in enumerate(texts[start : start + 2]):
            sheet.y = top
            sheet.paragraph(text, x + column * half, half - 16)
            lowest = max(lowest, sheet.y)
        sheet.y = lowest + 4


def mail_picture(alert: Notice) -> str:
    """The mail that a subscriber of the topic gets."""
    sheet = Sheet()
    room = WIDTH - 2 * MARGIN
    sheet.paragraph(f"*{alert_subject(alert)}*", MARGIN, room, size=17)
    sheet.line([Run("AWS Notifications <no-reply@sns.amazonaws.com>")], MARGIN, size=13, color=PALE)
    sheet.rule(MARGIN, room)
    letters = int(room / (CODE * 0.61))
    for line in alert_text(alert).rstrip("\n").split("\n"):
        for start in range(0, max(len(line), 1), letters):
            sheet.line([Run(line[start : start + letters])], MARGIN, size=CODE, mono=True)
    return sheet.svg("An alert as mail")


def _json(value: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(value))


def main() -> int:
    """Write both pictures, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    check = parser.parse_args().check
    alerts = notices()
    return max(put(THREAD, thread_picture(alerts), check=check), put(MAIL, mail_picture(alerts[0]), check=check))


if __name__ == "__main__":
    sys.exit(main())
