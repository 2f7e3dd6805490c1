"""Advice that quotes JSON for a person to paste: whole and as it is written, or a description of what to write."""

from collections.abc import Sequence
from dataclasses import dataclass

from mailwarden.domain.findings.finding import LONGEST_ADVICE
from mailwarden.masking import masked
from mailwarden.message import Argument, Message, message, storable, texts_in
from mailwarden.rules.naming import in_a_row
from mailwarden.visible_text import on_one_line

# The longest text of the catalogue that is part of an advice, without what is put into it; and that of a mere name.
_WORDS = 150
_WORDS_OF_A_NAME = 60
# A chat shows a document as a block of code, which these end.
_END_OF_CODE = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an advice. ``quoting`` holds the JSON text ``quoted``; ``described`` says the same without it."""

    described: Message
    quoting: Message | None = None
    quoted: str = ""


def advice_of(steps: Sequence[Step], *, identity: str) -> Message:
    """The steps in a row, as long as every reader gets them whole.

    A text is quoted only if it is shown letter by letter: any address in it but that of *identity* is masked, hidden
    characters and spaces in a row are not shown, and a text that is cut is no JSON. The longest quotation gives way
    first. What still finds no room follows after the first steps are done.
    """
    quoting = [step.quoting if _is_shown_as_it_is(step.quoted, identity) else None for step in steps]
    while True:
        chosen = [step.described if quote is None else quote for step, quote in zip(steps, quoting, strict=True)]
        if fits(in_a_row(tuple(chosen))):
            return in_a_row(tuple(chosen))
        longest = max(
            range(len(steps)), key=lambda number: -1 if quoting[number] is None else len(steps[number].quoted)
        )
        if quoting[longest] is None:
            return _first_of(chosen)
        quoting[longest] = None


def fits(advice: Message) -> bool:
    """Whether every reader gets the advice whole."""
    return _words_of(advice) + sum(map(len, texts_in(advice))) <= LONGEST_ADVICE


def _first_of(steps: Sequence[Message]) -> Message:
    for number in range(len(steps) - 1, 0, -1):
        kept = in_a_row((*steps[:number], message("advice.further", count=len(steps) - number)))
        if number == 1 or fits(kept):
            return kept
    return in_a_row(tuple(steps))


def _is_shown_as_it_is(text: str, identity: str) -> bool:
    shown = on_one_line(masked(text, keep=(identity,)))
    return text == shown == storable(text, LONGEST_ADVICE) and _END_OF_CODE not in text


def _words_of(said: Argument) -> int:
    match said:
        case Message(args=args):
            within = sum(_words_of(inner) for _, inner in args)
            return within + (_WORDS if within else _WORDS_OF_A_NAME)
        case tuple():
            return sum(_words_of(inner) for inner in said)
        case _:
            return 0
