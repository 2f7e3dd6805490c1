"""Compares the region table with a saved copy of AWS's page, or writes docs/regions.md and the list of SES regions.

Usage:
  python -m tools.region_table check PAGE     compare with a saved copy: HTML, Markdown or text
  python -m tools.region_table write [--check]

Exit status: 0 the same, 1 there are differences, 2 the copy cannot be read.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from mailwarden.regions import RegionTable, built_in_table  # noqa: E402 - found only now
from tools.documents.generated import put  # noqa: E402 - as above
from tools.region_table.comparison import changes  # noqa: E402 - as above
from tools.region_table.document import PAGE, document  # noqa: E402 - as above
from tools.region_table.saved_page import PageNotReadable, read_page  # noqa: E402 - as above
from tools.region_table.ses_regions import LIST, listed  # noqa: E402 - as above

ROWS = "layers/core/mailwarden/regions/rows.json"


def check(file: Path, table: RegionTable) -> int:
    """Print every difference between a saved copy and the table; the exit status."""
    try:
        page = read_page(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, PageNotReadable) as error:
        print(f"{file} cannot be compared: {error}", file=sys.stderr)
        return 2
    found = list(changes(table, page))
    print(f"{file}: the {page.wording} wording, {len(page.rows)} rows. The table: version {table.version}.")
    for change in found:
        print(f"{change.about} {change.text}")
    if not found:
        print("The table agrees with the page.")
        return 0
    print(f"{len(found)} differences. Look at each; then change {ROWS} and its version, and run make docs.")
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="compare the table with a saved copy").add_argument("page", type=Path)
    commands.add_parser("write", help="write docs/regions.md and the list of SES regions").add_argument(
        "--check", action="store_true"
    )
    chosen = parser.parse_args(arguments)
    if chosen.command == "check":
        return check(chosen.page, built_in_table())
    # The list first: the page shows it.
    return max(put(LIST, listed(), check=chosen.check), put(PAGE, document(built_in_table()), check=chosen.check))


if __name__ == "__main__":
    sys.exit(main())
