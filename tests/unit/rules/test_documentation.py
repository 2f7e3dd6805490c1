"""The pages of the rules are written from the rules, and are current."""

from pathlib import Path

import pytest

from mailwarden.rules import every_rule
from tools.rule_docs import BEGINNING, END, FOLDER, README, differences, pages, with_table, write


def test_the_pages_in_the_repository_are_current() -> None:
    assert differences(FOLDER, pages()) == [], "run `make docs`"


def test_missing_changed_and_leftover_pages_are_noticed(tmp_path: Path) -> None:
    wanted = {"README.md": "index", "MW999.md": "page", "MW998.md": "other"}
    write(tmp_path, wanted)
    (tmp_path / "MW999.md").write_text("changed by hand", encoding="utf-8")
    (tmp_path / "MW998.md").unlink()
    (tmp_path / "MW997.md").write_text("of a rule that is gone", encoding="utf-8")

    found = differences(tmp_path, wanted)

    assert found == ["MW998.md is missing", "MW999.md is out of date", "MW997.md belongs to no rule"]


def test_writing_puts_everything_right(tmp_path: Path) -> None:
    (tmp_path / "MW997.md").write_text("of a rule that is gone", encoding="utf-8")

    write(tmp_path, pages())

    assert differences(tmp_path, pages()) == []


def test_the_table_in_the_readme_is_current_and_names_every_rule_once() -> None:
    readme = README.read_text(encoding="utf-8")

    assert with_table(readme) == readme, "run `make docs`"
    assert all(readme.count(f"](docs/rules/{rule.rule_id}.md)") == 1 for rule in every_rule())


def test_only_the_part_between_the_marks_is_written() -> None:
    readme = f"# Before\n\n{BEGINNING}\n| stale |\n{END}\n\n## After\n"

    written = with_table(readme)

    assert written.startswith(f"# Before\n\n{BEGINNING}\n\n| link |")
    assert written.endswith(f"\n\n{END}\n\n## After\n")
    assert "stale" not in written
    assert with_table(written) == written


def test_a_readme_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        with_table("# Mailwarden\n")
