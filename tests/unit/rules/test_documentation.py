"""The pages of the rules are written from the rules, and are current."""

from pathlib import Path

from tools.rule_docs import FOLDER, differences, pages, write


def test_the_pages_in_the_repository_are_current() -> None:
    assert differences(FOLDER, pages()) == []


def test_what_is_missing_changed_or_left_over_is_noticed(tmp_path: Path) -> None:
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
