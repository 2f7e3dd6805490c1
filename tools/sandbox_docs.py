"""Writes the list of control routes in docs/sandbox.md from the routes themselves; ``--check`` only compares."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sandbox import mail, platform  # noqa: E402 - found only now
from sandbox.control import Route, with_index  # noqa: E402 - as above
from tools.documents.generated import keep  # noqa: E402 - as above

PAGE = ROOT / "docs" / "sandbox.md"
BEGINNING = "<!-- routes: written by tools/sandbox_docs.py -->"
END = "<!-- end of routes -->"


def table(routes: Iterable[Route]) -> str:
    """The routes as a table: how to call one, what it is for, and an example of a body."""
    rows = ["| route | purpose | body |", "|---|---|---|"]
    for route in routes:
        query = f"?{'&'.join(f'{name}=' for name in route.query)}" if route.query else ""
        example = "" if route.body is None else f"`{json.dumps(route.body)}`"
        body = ". Also: ".join(part for part in (example, route.members) if part)
        rows.append(f"| `{route.method} {route.path}{query}` | {route.purpose} | {body} |")
    return "\n".join(rows)


def with_table(page: str, routes: Iterable[Route]) -> str:
    """The page with the list between its marks written again."""
    before, _, rest = page.partition(BEGINNING)
    after = rest.partition(END)[2]
    return f"{before}{BEGINNING}\n\n{table(routes)}\n\n{END}{after}"


if __name__ == "__main__":
    every = with_index((*platform.routes(), *mail.routes()))
    sys.exit(keep(PAGE, with_table(PAGE.read_text(encoding="utf-8"), every), description=__doc__))
