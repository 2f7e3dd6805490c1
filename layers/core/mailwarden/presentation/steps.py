"""What to do, step by step: a sentence, and the JSON document or the command that it ends in, each fit to be copied."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMAND_WIDTH = 78
"""In characters: a line of a command, so that a mail or a terminal of 80 columns breaks none."""

_DECODER = json.JSONDecoder()
# In the catalogue, a command is between backticks. A long one is shown on lines of its own.
_COMMAND = re.compile(r"`((?:aws|make) [^`]{40,})`")
_INLINE = re.compile(r"`[^`\n]+`")
_HELD = "\ue000"
_PARTS = re.compile(r"(?:--\S+|\S+)(?: (?!--)\S+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceStep:
    """One step: a sentence, and what to paste, if it ends in that.

    ``document`` is JSON in one line, empty if it is shown elsewhere; ``command`` is one for a shell, in one line.
    """

    sentence: str
    document: str | None = None
    command: str | None = None

    @property
    def pasted(self) -> str:
        """The document indented, or the command in lines; empty if there is neither."""
        if self.document:
            return json.dumps(json.loads(self.document), indent=2, ensure_ascii=False)
        return "" if self.command is None else "\n".join(command_lines(self.command))


def steps_of(text: str) -> tuple[AdviceStep, ...]:
    """The steps of a text on one line."""
    return tuple(_steps(text))


def command_lines(command: str) -> list[str]:
    """A command in lines of at most ``COMMAND_WIDTH`` characters, unless a single word is longer.

    If it needs several, the first one ends before the name of the operation, or before the variables of a target of
    the Makefile, without which it is refused: a line that is copied alone does nothing, even if its backslash is lost.
    Some operations take the absence of an option as an order to switch something off.
    """
    if len(command) <= COMMAND_WIDTH:
        return [command]
    program, service, rest = command.split(" ", 2)
    parts = _PARTS.findall(rest) if program == "aws" else rest.split(" ")
    # Options of the program may precede the operation (AWS CLI, "aws [options] <command> <subcommand>").
    first = [program, service]
    while parts and parts[0].startswith("--"):
        option, value, *others = parts.pop(0).split(" ")
        first += [option, value]
        if others:
            parts.insert(0, " ".join(others))
    lines = [" ".join(first)]
    for part in _narrow(parts):
        if len(lines) > 1 and len(lines[-1]) + len(part) + 3 <= COMMAND_WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(f"  {part}")
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]


def _narrow(parts: list[str]) -> Iterator[str]:
    """The parts of a command, a long option apart from its value."""
    for part in parts:
        option, _, value = part.partition(" ")
        yield from [part] if not value or len(part) + 4 <= COMMAND_WIDTH else [option, value]


def held_together(text: str) -> str:
    """The text with each short command as one word, for whoever breaks it into lines; ``let_go`` is the way back."""
    return _INLINE.sub(lambda found: found[0].replace(" ", _HELD), text)


def let_go(text: str) -> str:
    """The text after it was broken into lines."""
    return text.replace(_HELD, " ")


def _steps(text: str) -> Iterator[AdviceStep]:
    rest = text
    while rest:
        step, rest = _first(rest)
        yield step
        rest = rest.strip(" ;").lstrip(". ")


def _first(text: str) -> tuple[AdviceStep, str]:
    """The first step of a text, and the rest."""
    command = _COMMAND.search(text)
    at = text.find("{", 0, len(text) if command is None else command.start())
    while at >= 0:
        try:
            _, end = _DECODER.raw_decode(text, at)
        except ValueError:
            at = text.find("{", at + 1, len(text) if command is None else command.start())
        else:
            return AdviceStep(sentence=text[:at].strip(), document=text[at:end]), text[end:]
    if command is None:
        return AdviceStep(sentence=text.strip()), ""
    return AdviceStep(sentence=text[: command.start()].strip(), command=command[1]), text[command.end() :]
