"""A Slack message as text: the view of a reader of the channel, without its colors and buttons' effects."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.terminal import Passage, Tone
from tools.screen.json_text import compact

_LINK = re.compile(r"<([^<>|]+)\|([^<>]+)>")
_BARE_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)>")
_MARKS = re.compile(r"(?<!\S)([*_~])(?=\S)([^*_~]+?)(?<=\S)\1(?![^\s.,:;!?)])")
_LABEL = re.compile(r"\*([^*]+)\*:?(?:\s+|$)")
_FENCE = "```"


def shown(payload: Mapping[str, Any], *, width: int = 72) -> list[Passage]:
    """The lines of a message, with JSON about *width* wide; a message without blocks is its plain text."""
    blocks = [*payload.get("blocks", ()), *(b for a in payload.get("attachments", ()) for b in a.get("blocks", ()))]
    if not blocks:
        return [Passage(text=line) for line in _plain(str(payload.get("text", ""))).splitlines()]
    return [line for block in blocks for line in _block(block, width)]


def everything_said(payload: object) -> str:
    """All texts of a message in one, unescaped: to find out what it is about."""
    return html.unescape(" ".join(_strings(payload)))


def _block(block: Mapping[str, Any], width: int) -> Iterator[Passage]:
    match block.get("type"):
        case "header":
            yield from _lines([block["text"]], Tone.STRONG, width)
        case "divider":
            yield Passage(text="─" * 12, tone=Tone.DIM)
        case "context":
            yield from _lines(block["elements"], Tone.DIM, width)
        case "actions":
            labels = [_plain(one.get("text", {}).get("text", "")) for one in block["elements"]]
            yield Passage(text="  ".join(f"[ {label} ]" for label in labels), tone=Tone.NOTE)
        case _:
            yield from _lines([block["text"]] if "text" in block else [], Tone.PLAIN, width)
            yield from _fields(block.get("fields", ()))


def _fields(fields: Iterable[Mapping[str, Any]]) -> Iterator[Passage]:
    """A field is a title and, on the next line, its value: here on one line."""
    for field in fields:
        yield _labeled(" ".join(str(field.get("text", "")).split()), Tone.PLAIN)


def _lines(texts: Sequence[Mapping[str, Any]], tone: Tone, width: int) -> Iterator[Passage]:
    for text in texts:
        fenced = False
        for part in str(text.get("text") or text.get("alt_text") or "").split(_FENCE):
            if fenced:
                shown = compact(html.unescape(part), width=width)
                yield from (Passage(text=line, tone=Tone.DIM, verbatim=True) for line in shown.strip("\n").splitlines())
            else:
                yield from (_labeled(line, tone) for line in part.strip("\n").splitlines())
            fenced = not fenced


def _labeled(line: str, tone: Tone) -> Passage:
    """A line; the bold words it begins with are its label."""
    label = _LABEL.match(line)
    if label is None:
        return Passage(text=_plain(line), tone=tone)
    return Passage(lead=f"{_plain(label[1])}:", text=_plain(line[label.end() :]), tone=Tone.STRONG)


def _plain(text: str) -> str:
    """Slack's mrkdwn without its marks."""
    return html.unescape(_unmarked(text))


def _unmarked(text: str) -> str:
    linked = _BARE_LINK.sub(r"\1", _LINK.sub(r"\2", text))
    return _MARKS.sub(r"\2", linked).replace("`", "")


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
        case _:
            return
