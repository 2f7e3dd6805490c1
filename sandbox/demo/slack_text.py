"""A Slack message as text: what a reader of the channel sees, without its colors and buttons' effects."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.demo.terminal import Text, Tone

_LINK = re.compile(r"<([^<>|]+)\|([^<>]+)>")
_BARE_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)>")
_MARKS = re.compile(r"(?<!\w)([*_~])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_FENCE = "```"


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
        title, _, value = _plain(str(field.get("text", ""))).partition("\n")
        yield Text(text=f"{title.rstrip(':')}: {' '.join(value.split())}" if value else title)


def _lines(texts: Sequence[Mapping[str, Any]], tone: Tone) -> Iterator[Text]:
    for text in texts:
        for line in _plain(str(text.get("text") or text.get("alt_text") or "")).splitlines():
            yield Text(text=line, tone=tone)


def _plain(text: str) -> str:
    """Slack's mrkdwn without its marks; what stands in a fence is left as it is."""
    outside = True
    parts: list[str] = []
    for part in text.split(_FENCE):
        parts.append(html.unescape(_unmarked(part) if outside else part.strip("\n")))
        outside = not outside
    return "".join(parts)


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
