"""The README is held to what it describes: the parameters of the template, the settings, the targets and its links."""

import json
import re
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from cfnlint.decode import cfn_yaml

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_NO_DEFAULT = {"(none)": None, "(empty)": ""}


def parameters() -> dict[str, Any]:
    template: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yaml"))
    return dict(template["Parameters"])


def documented() -> dict[str, str]:
    """Name → default of the table of parameters."""
    section = README.partition("### Parameters")[2].partition("\n### ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE))


def test_every_parameter_of_the_template_is_explained_and_no_other() -> None:
    lacking, gone = parameters().keys() - documented().keys(), documented().keys() - parameters().keys()
    assert not lacking, f"add a row of each to the table under Parameters in README.md: {sorted(lacking)}"
    assert not gone, f"template.yaml has no such parameter: take the rows out of README.md: {sorted(gone)}"


@pytest.mark.parametrize("name", sorted(documented()))
def test_a_default_is_that_of_the_template(name: str) -> None:
    shown = documented()[name].strip()
    default = parameters()[name].get("Default")

    expected = _NO_DEFAULT[shown] if shown in _NO_DEFAULT else shown.strip("`")

    assert (None if default is None else str(default)) == expected, (
        "the table under Parameters in README.md has the default of template.yaml: (empty), (none) or in code font"
    )


def test_the_example_of_settings_is_valid_and_the_file_that_is_named() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    example = json.loads((ROOT / "docs" / "settings.example.json").read_text(encoding="utf-8"))

    assert json.loads(block) == example
    fastjsonschema.validate(json.loads((ROOT / "docs" / "settings.schema.json").read_text(encoding="utf-8")), example)


def test_every_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z-]+)|`make ([a-z-]+)", README, re.MULTILINE))

    targets = {first or second for first, second in named}

    assert len(targets) > 5
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


@pytest.mark.parametrize("page", ["README.md", "docs/sandbox.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    file = ROOT / page
    targets = re.findall(r"\]\((?!https?://)([^)]+)\)", file.read_text(encoding="utf-8"))

    assert [target for target in targets if not _is_there(file, target)] == []


def _is_there(file: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    page = file if not path else (file.parent / path).resolve()
    return page.exists() and (not anchor or anchor in _anchors(page))


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
