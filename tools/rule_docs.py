"""Writes docs/rules from the rules themselves, and the table in README.md; ``--check`` only compares.

A page is the docstring of the rule's check below a table of the rule's declarations, so that a check finds an outdated
page. There is a page for each rule, an index, and a table of all rules between two marks in README.md.
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

from mailwarden.rules import MonitoringRule, Rule, every_rule  # noqa: E402 - the package is found only now

FOLDER = ROOT / "docs" / "rules"
INDEX = "README.md"
README = ROOT / "README.md"
BEGINNING = "<!-- rules: written by tools/rule_docs.py -->"
END = "<!-- end of rules -->"


def pages() -> dict[str, str]:
    """Every page by file name."""
    return {INDEX: _index()} | {f"{rule.rule_id}.md": _page(rule) for rule in every_rule()}


def differences(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """One sentence for each missing, outdated or leftover page in *folder*."""
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    return [
        *(f"{name} is missing" for name in wanted if name not in there),
        *(f"{name} is out of date" for name, text in wanted.items() if there.get(name, text) != text),
        *(f"{name} belongs to no rule" for name in there if name not in wanted),
    ]


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Write every page, and remove the pages of deleted rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def with_table(readme: str) -> str:
    """*readme* with the table of the rules between its marks; raises ValueError without marks."""
    before, mark, rest = readme.partition(BEGINNING)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"README.md has no place for the table: {BEGINNING} … {END}")
    return f"{before}{BEGINNING}\n\n{_table()}\n\n{END}{after}"


def _table() -> str:
    """One line for each link of the path, with its rules in order."""
    lines: dict[str, list[str]] = {}
    for rule in every_rule():
        counter_key = f"[{rule.rule_id}](docs/rules/{rule.rule_id}.md) {rule.name}"
        lines.setdefault(rule.link, []).append(f"**{counter_key}**" if rule.writes else counter_key)
    rows = [f"| {link} | {' · '.join(counter_keys)} |" for link, counter_keys in lines.items()]
    return "\n".join(["| link | rules (bold: can be repaired) |", "|---|---|", *rows])


def _index() -> str:
    rows = [
        f"| [{rule.rule_id}]({rule.rule_id}.md) | {rule.name} | {rule.link} | {rule.severity.label} "
        f"| {_about(rule)} | {_does(rule)} |"
        for rule in every_rule()
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            "Every rule looks at one link of the mail path; the first broken link decides whether a pool can send.",
            "Mailwarden records notes and sends no alert about them.",
            "Written by `python tools/rule_docs.py` from the rules themselves: change the rule, not the page.",
            "",
            "| id | finds | link | severity | about | Mailwarden |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _page(rule: Rule | MonitoringRule[Any]) -> str:
    summary, _, body = (inspect.getdoc(rule.check) or "").partition("\n\n")
    counter_keys = (rule.link, rule.severity.label, _about(rule), _actions(rule.reads), _actions(rule.writes))
    return "\n".join(
        [
            f"# {rule.rule_id} {rule.name}",
            "",
            summary,
            "",
            "| link | severity | about | reads | writes |",
            "|---|---|---|---|---|",
            f"| {' | '.join(counter_keys)} |",
            "",
            _as_markdown(body),
            "",
        ]
    )


def _about(rule: Rule | MonitoringRule[Any]) -> str:
    others = sorted(rule.other_kinds) if isinstance(rule, Rule) else []
    return " or ".join([rule.subject_kind, *others])


def _does(rule: Rule | MonitoringRule[Any]) -> str:
    if rule.writes:
        return "repairs"
    return "notes" if isinstance(rule, Rule) and rule.is_note else "reports"


def _actions(actions: frozenset[str]) -> str:
    return ", ".join(f"`{action}`" for action in sorted(actions)) or "nothing"


def _as_markdown(body: str) -> str:
    """The docstring's sections, with an empty line after each heading."""
    return re.sub(r"^(## .+)\n(?!\n)", r"\1\n\n", body, flags=re.MULTILINE).strip()


def main() -> int:
    """Write the pages, or compare them and report differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not current")
    readme = README.read_text(encoding="utf-8")
    if parser.parse_args().check:
        found = differences(FOLDER, pages())
        if with_table(readme) != readme:
            found.append("the table in README.md is out of date")
        print("\n".join(found) or f"{len(every_rule())} rules, every page is current")
        return 1 if found else 0
    write(FOLDER, pages())
    README.write_text(with_table(readme), encoding="utf-8")
    print(f"wrote {len(every_rule()) + 1} pages to {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
