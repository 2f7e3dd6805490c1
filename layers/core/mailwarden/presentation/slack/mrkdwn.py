"""Text for Slack in which nothing from outside can ping or link: escaped, bounded, never cut within an entity.

Only ``&``, ``<`` and ``>`` need escaping, because mentions and links are written between angle brackets; ``verbatim``
keeps Slack from turning words into links by itself (https://docs.slack.dev/messaging/formatting-message-text).
"""

import html
from collections.abc import Callable, Mapping

type Json = str | bool | list[Json] | Mapping[str, Json]

_ELLIPSIS = "…"
_ZERO_WIDTH_SPACE = "\u200b"


def escaped(text: str, longest: int) -> str:
    """The text escaped, at most *longest* characters long with the escapes."""
    whole, taken = _fitted(text, longest)
    if taken == len(text):
        return whole
    return _fitted(text, longest - len(_ELLIPSIS))[0] + _ELLIPSIS


def literal(text: str, longest: int) -> str:
    """The text as code within a line: shown letter by letter."""
    inner = escaped(text.replace("`", "'"), longest - 2)
    return f"`{inner}`" if inner else ""


def code_block(text: str, longest: int, *, more: Callable[[int], str], cut: int = 0) -> str:
    """The text as a block of code; *more* makes the last line from the number of characters that did not fit.

    *cut* is the number of those that the text itself leaves out.
    """
    safe = text.replace("```", _ZERO_WIDTH_SPACE.join("```"))
    room = longest - len("```\n\n```")
    whole, taken = _fitted(safe, room)
    if taken == len(safe) and not cut:
        return f"```\n{whole}\n```"
    fitting, taken = _fitted(safe, room - len(f"\n{more(len(safe) + cut)}"))
    left_out = cut + len(safe[taken:].replace(_ZERO_WIDTH_SPACE, ""))
    return f"```\n{fitting}\n{more(left_out)}\n```"


def mrkdwn(text: str) -> Json:
    """A text object with Slack's formatting, and without its guesses at what might be a link."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> Json:
    """A text object without formatting.

    Angle brackets become round ones: Slack does not say whether it reads entities here.
    """
    return {"type": "plain_text", "text": text.replace("<", "(").replace(">", ")"), "emoji": False}


def _fitted(text: str, room: int) -> tuple[str, int]:
    """As much of the text, escaped, as there is room for, and how many of its characters that is."""
    whole = html.escape(text, quote=False)
    if len(whole) <= room:
        return whole, len(text)
    pieces: list[str] = []
    for taken, character in enumerate(text):
        piece = html.escape(character, quote=False)
        room -= len(piece)
        if room < 0:
            return "".join(pieces), taken
        pieces.append(piece)
    return "".join(pieces), len(text)
