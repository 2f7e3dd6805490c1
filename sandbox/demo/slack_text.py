"""A Slack message as text: what a reader of the channel sees, without its colors and buttons' effects."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.demo.json_text import compact
from sandbox.demo.terminal import Text, Tone

_LINK = re.compile(r"<([^<>|]+)\|([^<>]+)>")
_BARE_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)>")
_MARKS = re.compile(r"(?<!\S)([*_~])(?=\S)([^*_~]+?)(?<=\S)\1(?![^\s.,:;!?)])")
_LABEL = re.compile(r"\*([^*]+)\*:?(?:\s+|$)")
_FENCE = "```"
_JSON_WIDTH = 72


def shown(payload: Mapping[str, Any]) -> list[Text]:
    """The lines of a message; one without blocks is its plain text."""
    blocks = [*payload.get("blocks", ()), *(b for a in payload.get("attachments", ()) for b in a.get("blocks", ()))]
    if not blocks:
        return [Text(text=line) for line in _plain(str(payload.get("text", ""))).splitlines()]
    return [line for block in blocks for line in _block(block)]


def everything_said(payload: object) -> str:
    """All texts of a message in one, unescaped: to find out what it is about."""
    return html.unescape(" ".join(_strings(payload)))


def _block(block: Mapping[str, Any]) -> Iterator[Text]:
    match block.get("type"):
        case "header":
            yield from _lines([block["text"]], Tone.STRONG)
        case "divider":
            yield Text(text="─" * 12, tone=Tone.DIM)
        case "context":
            yield from _lines(block["elements"], Tone.DIM)
        case "actions":
            labels = [_plain(one.get("text", {}).get("text", "")) for one in block["elements"]]
            yield Text(text="  ".join(f"[ {label} ]" for label in labels), tone=Tone.NOTE)
        case _:
            yield from _lines([block["text"]] if "text" in block else [], Tone.PLAIN)
            yield from _fields(block.get("fields", ()))


def _fields(fields: Iterable[Mapping[str, Any]]) -> Iterator[Text]:
    """A field is a title and, on the next line, its value: here on one line."""
    for field in fields:
        yield _labeled(" ".join(str(field.get("text", "")).split()), Tone.PLAIN)


def _lines(texts: Sequence[Mapping[str, Any]], tone: Tone) -> Iterator[Text]:
    for text in texts:
        fenced = False
        for part in str(text.get("text") or text.get("alt_text") or "").split(_FENCE):
            if fenced:
                shown = compact(html.unescape(part), width=_JSON_WIDTH)
                yield from (Text(text=line, tone=Tone.DIM, verbatim=True) for line in shown.strip("\n").splitlines())
            else:
                yield from (_labeled(line, tone) for line in part.strip("\n").splitlines())
            fenced = not fenced


def _labeled(line: str, tone: Tone) -> Text:
    """A line; the bold words it begins with are its label."""
    label = _LABEL.match(line)
    if label is None:
        return Text(text=_plain(line), tone=tone)
    return Text(lead=f"{_plain(label[1])}:", text=_plain(line[label.end() :]), tone=Tone.STRONG)


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
