"""The tables of an HTML page, as rows of texts."""

from html.parser import HTMLParser

_BREAKS = frozenset({"br", "li", "p"})


def tables_in(html: str) -> list[list[list[str]]]:
    """Every table of a page, a list of rows each, with the texts of their cells; parts of a cell are lines."""
    parser = _Tables()
    parser.feed(html)
    return parser.tables


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._is_in_cell = False
        self._notes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's form
        match tag:
            case "table":
                self.tables.append([])
            case "tr" if self.tables:
                self.tables[-1].append([])
                self._is_in_cell = False
            case "td" | "th" if self.tables and self.tables[-1]:
                self.tables[-1][-1].append("")
                self._is_in_cell = True
            case "sup":
                self._notes += 1
            case _ if tag in _BREAKS:
                self._add("\n")
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "sup":
                self._notes = max(0, self._notes - 1)
            case "td" | "th" | "tr" | "table":
                self._is_in_cell = False
            case _ if tag in _BREAKS:
                self._add("\n")
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if not self._notes:
            self._add(" ".join(data.split("\n")))

    def _add(self, text: str) -> None:
        if self._is_in_cell:
            self.tables[-1][-1][-1] += text
