"""The formats of the report by name."""

from collections.abc import Callable, Iterator, Mapping

from rich.text import Text

from mailwarden_command.checking.output.documents import json_lines
from mailwarden_command.checking.output.markdown import markdown_lines
from mailwarden_command.checking.output.sarif import sarif_lines
from mailwarden_command.checking.output.table import table_lines
from mailwarden_command.checking.report import CheckReport

TABLE = "table"
_BY_NAME: Mapping[str, Callable[[CheckReport], Iterator[str]]] = {
    "json": json_lines,
    "markdown": markdown_lines,
    "sarif": sarif_lines,
}


def lines_of_check(report: CheckReport, output: str, *, width: int) -> Iterator[Text | str]:
    """The lines of a report in the format of this name; raises KeyError for any other."""
    return table_lines(report, width=width) if output == TABLE else _BY_NAME[output](report)
