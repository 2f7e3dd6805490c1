"""Documents: their links, their paths and the words of the glossary exist."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.infrastructure.templates import ROOT

CORE = ROOT / "layers" / "core" / "mailwarden"
GLOSSARY = ROOT / "docs" / "glossary.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
# A path of the repository: a folder, and a file with one of our endings.
REPOSITORY_PATH = re.compile(r"[A-Za-z_.][\w.-]*(?:/[\w.-]+)+\.(?:py|md|json|yaml|toml|txt|svg)")
CLASS_NAME = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]*)*")
MODULE_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
# Words in code font that are neither a class nor a module.
OTHER_NAMES = frozenset({"before", "code font", "mailwarden", "mailwarden-cognito", "repair"})


def documents() -> list[Path]:
    """Every Markdown file of the repository; generated folders begin with a dot."""
    folders = [each for each in ROOT.iterdir() if each.is_dir() and (each.name[0] != "." or each.name == ".github")]
    return sorted([*ROOT.glob("*.md"), *(file for folder in folders for file in folder.rglob("*.md"))])


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_or_a_folder(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))

    targets = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link and not link.startswith("#")]

    dead = [target for target in targets if not (document.parent / target).exists()]
    assert not dead, f"link to files that exist, relative to {document.parent.relative_to(ROOT)}/: {dead}"


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_in_code_font_exists(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))

    paths = [code for code in CODE.findall(text) if REPOSITORY_PATH.fullmatch(code)]

    places = (ROOT, CORE, document.parent)
    unknown = [path for path in paths if not any((place / path).exists() for place in places)]
    assert not unknown, (
        f"name files from the root of the repository or from layers/core/mailwarden/ in {document.relative_to(ROOT)}: "
        f"{unknown}"
    )


def test_each_question_of_the_architecture_names_its_files_and_at_most_three() -> None:
    page = ARCHITECTURE.read_text(encoding="utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.split("## Where is X decided?")[1].splitlines() if "](" in row]

    counted = {question: (len(LINK.findall(files)), int(count)) for question, files, count in rows}

    assert len(counted) == 15
    assert {question: both for question, both in counted.items() if both[0] != both[1] or both[0] > 3} == {}


@cache
def names_of_the_package() -> frozenset[str]:
    """Every class, type alias, module and folder of the core package."""
    names: set[str] = set()
    for file in CORE.rglob("*.py"):
        names |= {file.stem, file.parent.name}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.TypeAlias):
                names.add(node.name.id)
    return frozenset(names)


def glossary_rows() -> list[tuple[str, str]]:
    """Word and meaning, in the order of the page."""
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [(word, meaning) for word, _, meaning in (row.strip("| ").partition(" | ") for row in rows[1:])]


def test_the_words_of_the_glossary_are_in_alphabetical_order() -> None:
    words = [word.lower() for word, _ in glossary_rows()]

    late = [word for before, word in pairwise(words) if word < before]
    assert not late, f"sort the rows of docs/glossary.md: {late}"
    assert len(words) == len(set(words))


def test_every_class_and_module_in_the_glossary_exists() -> None:
    named = {code for _, meaning in glossary_rows() for code in CODE.findall(meaning)} - OTHER_NAMES

    unknown = {name for name in named if not (CLASS_NAME.fullmatch(name) or MODULE_NAME.fullmatch(name))}
    assert unknown == set()
    gone = sorted(named - names_of_the_package())
    assert not gone, f"docs/glossary.md names classes or modules that the core does not have: {gone}"


def test_each_decision_has_a_number_of_its_own_and_its_title_has_it() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))

    titles = [each.read_text(encoding="utf-8").split(" ", 2)[:2] for each in decisions]

    numbers = [int(each.name[:4]) for each in decisions]
    assert len(numbers) == len(set(numbers))
    assert titles == [["#", f"{number}."] for number in numbers]


def test_each_entry_of_the_changelog_is_whole_and_there_once() -> None:
    """Merges keep both sides of it, also a part of an entry or a former form."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("## Unreleased")[2]
    entries = [" ".join(text.split()) for text in re.split(r"^(?:- |#.*)", changes, flags=re.MULTILINE) if text.strip()]
    begun = [entry[:40] for entry in entries]

    unended = [entry for entry in entries if not entry.endswith(".")]
    assert not unended, f"end each entry of CHANGELOG.md with a period: {unended}"
    twice = sorted({text for text in begun if begun.count(text) > 1})
    assert not twice, f"CHANGELOG.md has two entries that begin with each: {twice}"


def test_every_page_that_code_names_exists() -> None:
    named = {
        (str(file.relative_to(ROOT)), page)
        for folder in ("layers", "functions", "tools", "sandbox", "benchmarks")
        for file in (ROOT / folder).rglob("*.py")
        for page in re.findall(r"(?<![\w/.])docs/[\w/.-]*\w", file.read_text(encoding="utf-8"))
    }

    assert len(named) > 10
    assert {
        (file, page) for file, page in named if not (ROOT / page).exists() and not [*ROOT.glob(f"{page}-*")]
    } == set()
