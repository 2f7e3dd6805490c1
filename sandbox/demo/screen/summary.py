"""The closing table: every scene with its pool, the verdict, what was done, and what became of the mail."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from sandbox.demo.result import Result
from sandbox.terminal import Tone


def summary(results: Iterable[Result]) -> Table:
    """The table; only its first column shrinks with the screen, and no word is broken."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=Tone.DIM.value)
    table.add_column("scene and pool")
    for title in ("verdict", "what was done", "mail"):
        table.add_column(title, no_wrap=True)
    for result in results:
        mark = ("✔ ", Tone.GOOD.value) if result.as_expected else ("✘ ", Tone.BAD.value)
        scene = f"{result.scene.number} {result.scene.title}"
        table.add_row(
            Text.assemble(mark, scene, (f"\n  {result.pool}" if result.pool else "", Tone.DIM.value)),
            _cell(result.verdict, [] if result.link in {None, "none"} else [str(result.link)]),
            _cell(result.done, result.times),
            _cell(*_first_and_others(result.mail)),
        )
    return table


def _first_and_others(mail: list[str]) -> tuple[str | None, list[str]]:
    return (mail[0] if mail else None), [f"→ {word}" for word in mail[1:]]


def _cell(first: str | None, others: Iterable[str]) -> Text:
    """A missing observation is a dash."""
    return Text.assemble(first or "-", *((f"\n{other}", Tone.DIM.value) for other in others))
