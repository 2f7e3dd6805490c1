"""What a repository needs besides code: license, version, hooks, templates, and a true page about security."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.infrastructure.roles import functions, grants_of, role_of
from tests.infrastructure.templates import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = r"\d+\.\d+\.\d+"
# Where the version is said; the user agent is how AWS's logs name it.
SAYING = ("layers/core/mailwarden/**/*.py", "functions/**/*.py", "*.yaml")
READING = ("Batch", "Describe", "Get", "List", "Lookup")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_that_of_the_project_wherever_it_is_said() -> None:
    said = {
        (path.name, version)
        for pattern in SAYING
        for path in ROOT.glob(pattern)
        for version in re.findall(
            rf"(?:mailwarden/|__version__ = \"|Version: \"?)({VERSION})\b", path.read_text(encoding="utf-8")
        )
    }

    assert said
    assert {version for _, version in said} == {PROJECT["version"]}


def test_the_license_is_the_one_that_the_project_names() -> None:
    license_text = text("LICENSE")

    assert (PROJECT["license"], PROJECT["license-files"]) == ("Apache-2.0", ["LICENSE"])
    assert license_text.lstrip().startswith("Apache License\n                           Version 2.0, January 2004")
    assert "END OF TERMS AND CONDITIONS" in license_text


def test_the_hooks_are_local_and_run_the_pinned_tools() -> None:
    repositories = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    hooks = [hook for repository in repositories for hook in repository["hooks"]]

    assert {repository["repo"] for repository in repositories} == {"local"}
    assert hooks
    for hook in hooks:
        assert hook["language"] == "system"
        (tool,) = re.findall(r"\.venv/bin/([\w-]+)", hook["entry"])
        assert (ROOT / ".venv" / "bin" / tool).exists()
    assert "//" not in text(".pre-commit-config.yaml")


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.stem
)
def test_an_issue_template_is_one_that_github_shows(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    if "body" not in document:
        assert set(document) == {"blank_issues_enabled", "contact_links"}
        return
    assert document["name"]
    assert document["description"]
    asked = [field for field in document["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in asked}) == len(asked)
    assert all(field["attributes"]["label"] for field in asked)


@pytest.mark.parametrize("function", functions())
def test_the_page_about_security_names_what_a_function_may_write(function: str) -> None:
    (row,) = re.findall(rf"^\| `{function}` \|(.*)\|(.*)\|$", text("SECURITY.md"), re.MULTILINE)
    writes = {
        grant.action
        for grant in grants_of(role_of(function))
        if grant.service in {"cognito-idp", "ses", "iam", "cloudformation", "cloudtrail", "cloudwatch"}
        and not grant.action.partition(":")[2].startswith(READING)
    }

    named = set(re.findall(r"`([a-z-]+:\w+)`", row[1]))

    # PassRole writes nothing by itself; the page explains it below the table.
    assert named == writes - {"iam:PassRole"}
    if "iam:PassRole" in writes:
        assert f"`{function}` also holds `iam:PassRole`" in text("SECURITY.md")
