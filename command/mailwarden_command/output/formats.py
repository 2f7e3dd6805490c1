"""The formats of the report by name; a further one is one more line here."""

from collections.abc import Callable, Iterator, Mapping

from rich.text import Text

from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.asff import asff_lines
from mailwarden_command.output.csv_text import csv_lines
from mailwarden_command.output.json_text import json_lines
from mailwarden_command.output.markdown import markdown_lines
from mailwarden_command.output.sarif import sarif_lines
from mailwarden_command.output.table import table_lines

TABLE = "table"


def html_lines(report: AuditReport) -> Iterator[str]:
    """The lines of the HTML file, whose template engine is imported only now."""
    from mailwarden_command.output.html import page

    return page.html_lines(report)


BY_NAME: Mapping[str, Callable[[AuditReport], Iterator[str]]] = {
    "html": html_lines,
    "json": json_lines,
    "csv": csv_lines,
    "markdown": markdown_lines,
    "sarif": sarif_lines,
    "asff": asff_lines,
}


def lines_of(report: AuditReport, output: str, *, width: int) -> Iterator[Text | str]:
    """The lines of a report in the format of this name; raises KeyError for any other."""
    return table_lines(report, width=width) if output == TABLE else BY_NAME[output](report)
