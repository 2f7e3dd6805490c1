"""The lines of the report: a result each, and the action that it asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rich.text import Text

from mailwarden.adapters.aws.errors import ACCESS_DENIED
from mailwarden.domain.readings import Unreadable
from tools.screen.terminal import laid_out


class Status(StrEnum):
    """The result of one check."""

    SOUND = "ok"
    NOTE = "note"
    TO_DO = "to do"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One result; ``to_do`` is a command or an action, empty where there is none."""

    status: Status
    what: str
    to_do: str = ""


_STYLES = {Status.SOUND: "green", Status.NOTE: "bold", Status.TO_DO: "bold red", Status.UNKNOWN: "bold yellow"}
_COMMANDS = ("aws ", "make ")
DEPLOY = "make deploy"
_MARGIN = max(map(len, Status)) + 2


def sound(what: str) -> Line:
    """Nothing is wrong."""
    return Line(status=Status.SOUND, what=what)


def note(what: str, to_do: str = "") -> Line:
    """Nothing is wrong, but an operator should know it."""
    return Line(status=Status.NOTE, what=what, to_do=to_do)


def to_do(what: str, how: str) -> Line:
    """Something is wrong."""
    return Line(status=Status.TO_DO, what=what, to_do=how)


def unknown(what: str, refusal: Unreadable | str) -> Line:
    """It could not be looked at."""
    advice = "run make doctor again"
    if isinstance(refusal, Unreadable) and refusal.reason == ACCESS_DENIED:
        advice = f"allow {refusal.action} to your own credentials"
    return Line(status=Status.UNKNOWN, what=f"{what}: not known ({refusal})", to_do=advice)


def missed(what: str, reading: object, *, consequence: str = "") -> Line | None:
    """The line about a thing that was deleted (None) or could not be read; None if there is a reading of it."""
    if isinstance(reading, Unreadable):
        return unknown(what, reading)
    if reading is None:
        return to_do(f"{what} was deleted{consequence and f': {consequence}'}", DEPLOY)
    return None


def exit_status(lines: Iterable[Line]) -> int:
    """0 sound, 1 something is to be done, 2 something could not be looked at and nothing else is to be done."""
    found = {line.status for line in lines}
    if Status.TO_DO in found:
        return 1
    return 2 if Status.UNKNOWN in found else 0


def lines_text(lines: Iterable[Line], *, width: int) -> list[Text]:
    """Each result behind its status; below it what to do, a command on one line."""
    shown: list[Text] = []
    margin = " " * _MARGIN
    for line in lines:
        first = Text(line.status.value.ljust(_MARGIN), _STYLES[line.status])
        shown += laid_out(line.what, width, first=first, then=margin)
        if line.to_do.startswith(_COMMANDS):
            # A command that was broken into lines could not be pasted: the terminal itself breaks it.
            shown.append(Text(f"{margin}-> {line.to_do}"))
        elif line.to_do:
            shown += laid_out(line.to_do, width, first=f"{margin}-> ", then=f"{margin}   ")
    return shown


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
