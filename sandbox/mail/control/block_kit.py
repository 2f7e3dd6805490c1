"""The rules a Slack message must keep: Block Kit's limits, as docs.slack.dev gives them.

The limit on the whole message is not documented; it was observed by users of Slack's own library (bolt-js 2509).
"""

from collections.abc import Callable, Iterator
from typing import Any

MAX_BLOCKS = 50
MAX_TOTAL = 13_200
_MAX_BLOCK_ID = 255
_TYPES = {"actions", "context", "divider", "header", "image", "markdown", "rich_text", "section", "video"}


def objection(payload: object) -> str | None:
    """The error of a message, or None."""
    if not isinstance(payload, dict):
        return "the payload is not an object"
    blocks = payload.get("blocks")
    if not blocks and not payload.get("text"):
        return "no_text"
    if blocks is None:
        return None
    if not isinstance(blocks, list) or len(blocks) > MAX_BLOCKS:
        return f"blocks must be a list of at most {MAX_BLOCKS}"
    found = next((said for number, block in enumerate(blocks) for said in _in_block(number, block)), None)
    if found is None and sum(map(_length, blocks)) > MAX_TOTAL:
        return "msg_blocks_too_long"
    return found


def _in_block(number: int, block: object) -> Iterator[str]:
    where = f"blocks[{number}]"
    if not isinstance(block, dict) or block.get("type") not in _TYPES:
        yield f"{where} has no type that a message may hold"
        return
    if len(str(block.get("block_id", ""))) > _MAX_BLOCK_ID:
        yield f"{where}.block_id is longer than {_MAX_BLOCK_ID}"
    check = _CHECKS.get(block["type"])
    if check is not None:
        yield from check(where, block)


def _header(where: str, block: dict[str, Any]) -> Iterator[str]:
    yield from _text(f"{where}.text", block.get("text"), 150, {"plain_text"})


def _section(where: str, block: dict[str, Any]) -> Iterator[str]:
    fields = block.get("fields")
    if fields is None or "text" in block:
        yield from _text(f"{where}.text", block.get("text"), 3000)
    if fields is not None:
        yield from _list(f"{where}.fields", fields, 10)
        for number, field in enumerate(fields if isinstance(fields, list) else []):
            yield from _text(f"{where}.fields[{number}]", field, 2000)
    if "accessory" in block:
        yield from _element(f"{where}.accessory", block["accessory"])


def _context(where: str, block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements")
    yield from _list(f"{where}.elements", elements, 10)
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        if not isinstance(element, dict) or element.get("type") != "image":
            yield from _text(f"{where}.elements[{number}]", element, 3000)


def _actions(where: str, block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements")
    yield from _list(f"{where}.elements", elements, 25)
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        yield from _element(f"{where}.elements[{number}]", element)


def _element(where: str, element: object) -> Iterator[str]:
    if not isinstance(element, dict) or "type" not in element:
        yield f"{where} has no type"
        return
    if element["type"] == "button":
        yield from _text(f"{where}.text", element.get("text"), 75, {"plain_text"})
        if len(str(element.get("value", ""))) > 2000:
            yield f"{where}.value is longer than 2000"
        if len(str(element.get("url", ""))) > 3000:
            yield f"{where}.url is longer than 3000"


def _text(
    where: str, text: object, longest: int, kinds: frozenset[str] | set[str] = frozenset({"plain_text", "mrkdwn"})
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{where} is no text of type {' or '.join(sorted(kinds))}"
    elif not isinstance(text.get("text"), str) or not 1 <= len(text["text"]) <= longest:
        yield f"{where} must hold 1 to {longest} characters"


def _list(where: str, items: object, longest: int) -> Iterator[str]:
    if not isinstance(items, list) or not 1 <= len(items) <= longest:
        yield f"{where} must hold 1 to {longest} items"


def _length(value: object) -> int:
    match value:
        case str():
            return len(value)
        case dict():
            return sum(map(_length, value.values()))
        case list():
            return sum(map(_length, value))
        case _:
            return 0


_CHECKS: dict[str, Callable[[str, dict[str, Any]], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
}
