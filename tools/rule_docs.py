"""Writes docs/rules from the rules themselves: one page for each rule and an index; ``--check`` only compares.

A page is the docstring of the rule's check under a table of what the rule declares, so that it cannot go out of date
unnoticed.
"""

import argparse
import inspect
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "layers" / "core"))

from mailwarden.rules import Rule, WatchRule, every_rule  # noqa: E402 - the package is found only now

FOLDER = ROOT / "docs" / "rules"
INDEX = "README.md"


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    return {INDEX: _index()} | {f"{rule.rule_id}.md": _page(rule) for rule in every_rule()}


def differences(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """What is missing, out of date or left over in *folder*, one sentence each."""
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    return [
        *(f"{name} is missing" for name in wanted if name not in there),
        *(f"{name} is out of date" for name, text in wanted.items() if there.get(name, text) != text),
        *(f"{name} belongs to no rule" for name in there if name not in wanted),
    ]


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Put every page in place, and take away the pages of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _index() -> str:
    rows = [
        f"| [{rule.rule_id}]({rule.rule_id}.md) | {rule.name} | {rule.link} | {rule.severity.label} "
        f"| {rule.subject_kind} | {'repairs' if rule.writes else 'reports'} |"
        for rule in every_rule()
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            "Every rule looks at one link of the mail path; the first broken link decides whether a pool can send.",
            "Written by `python tools/rule_docs.py` from the rules themselves: change the rule, not the page.",
            "",
            "| id | finds | link | severity | about | Mailwarden |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _page(rule: Rule | WatchRule[Any]) -> str:
    summary, _, body = (inspect.getdoc(rule.check) or "").partition("\n\n")
    cells = (rule.link, rule.severity.label, rule.subject_kind, _actions(rule.reads), _actions(rule.writes))
    return "\n".join(
        [
            f"# {rule.rule_id} {rule.name}",
            "",
            summary,
            "",
            "| link | severity | about | reads | writes |",
            "|---|---|---|---|---|",
            f"| {' | '.join(cells)} |",
            "",
            _as_markdown(body),
            "",
        ]
    )


def _actions(actions: frozenset[str]) -> str:
    return ", ".join(f"`{action}`" for action in sorted(actions)) or "nothing"


def _as_markdown(body: str) -> str:
    """The docstring's sections, with an empty line after each heading."""
    return re.sub(r"^(## .+)\n(?!\n)", r"\1\n\n", body, flags=re.MULTILINE).strip()


def main() -> int:
    """Write, or compare and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not current")
    if parser.parse_args().check:
        found = differences(FOLDER, pages())
        print("\n".join(found) or f"{len(every_rule())} rules, every page is current")
        return 1 if found else 0
    write(FOLDER, pages())
    print(f"wrote {len(every_rule()) + 1} pages to {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
